import type { Json } from "./json";

/** Thrown for a value canonical JSON cannot carry. None comes out of the strict reader, so this is always our bug. */
export class NotCanonicalError extends TypeError {
  override readonly name = "NotCanonicalError";
}

/** Text JSON writes as it is: a shortcut, since most keys and many values are such. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * The one text of a JSON value: no white space, keys sorted by UTF-16 code units, numbers as ECMAScript writes them.
 *
 * Equal values give equal text whatever order their keys were made in. Throws `NotCanonicalError` for NaN, infinities,
 * `undefined`, holes, lone surrogates and anything that is not a plain object, so that no two different values can
 * share a digest. Recurses: at most as deep as the strict reader reads.
 *
 * @source RFC 8785
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return numeral(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value === null) return "null";
  if (typeof value !== "object") throw new NotCanonicalError(`Canonical JSON has no ${typeof value}.`);
  return isArray(value) ? arrayText(value) : objectText(value);
}

function arrayText(array: readonly Json[]): string {
  let text = "[";
  // By index, not by iterator or `map`: a hole must be seen as undefined and refused.
  for (let index = 0; index < array.length; index += 1) {
    if (index > 0) text += ",";
    text += canonicalJson(defined(array[index]));
  }
  return `${text}]`;
}

function objectText(object: { readonly [key: string]: Json }): string {
  if (!isPlain(object)) throw new NotCanonicalError("Canonical JSON has plain objects only.");
  // The default order of `sort` is by UTF-16 code units, which is what §3.2.3 asks for.
  const keys = Object.keys(object).sort();
  let text = "{";
  for (const key of keys) {
    if (text.length > 1) text += ",";
    text += `${quoted(key)}:${canonicalJson(defined(object[key]))}`;
  }
  return `${text}}`;
}

/** For a well-formed string JSON.stringify writes exactly what §3.2.2.2 asks for; a lone surrogate it would escape. */
function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new NotCanonicalError("Canonical JSON has no lone surrogates.");
  return JSON.stringify(text);
}

/** `String` is the serialisation §3.2.2.3 prescribes, and it writes minus zero as 0. */
function numeral(value: number): string {
  if (!Number.isFinite(value)) throw new NotCanonicalError(`Canonical JSON has no ${value}.`);
  return String(value);
}

function defined(value: Json | undefined): Json {
  if (value === undefined) throw new NotCanonicalError("Canonical JSON has no undefined.");
  return value;
}

const isArray = (value: object): value is readonly Json[] => Array.isArray(value);

/** A Date or a Map has no keys of its own and would be written as {}. Objects of another realm are plain too. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === null || prototype === Object.prototype) return true;
  return typeof prototype === "object" && Object.getPrototypeOf(prototype) === null;
}
