import type { Json } from "./json";
import { type JsonFault, JsonRefusal, jsonFaultOf } from "./json-fault";
import { type JsonLimits, JsonReader } from "./json-reader";

/** What a tool call's body may hold (`safety.md` T50, T51); its size in bytes is capped before it is read. */
export const LIMITS: JsonLimits = Object.freeze({
  depth: 64,
  keys: 10_000,
  keyBytes: 256,
  stringBytes: 256 * 1024,
  arrayLength: 10_000,
  elements: 20_000,
});

/** The value, or the first fault of the text. */
export type StrictJson =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly fault: JsonFault };

/**
 * Reads JSON so that the text can mean only one thing, to us and to every parser after us.
 *
 * Beyond RFC 8259 it refuses what parsers disagree on or canonical form cannot carry (RFC 7493, RFC 8785): duplicate
 * keys however escaped, `__proto__`, numbers that do not survive a round trip, lone surrogates, U+0000, a byte order
 * mark, and anything over the limits. Total and linear in the text; stops at the first fault.
 */
export function readStrictJson(text: string, limits?: Partial<JsonLimits>): StrictJson {
  const reader = new JsonReader(text, { ...LIMITS, ...limits });
  try {
    return { ok: true, value: reader.document() };
  } catch (refusal) {
    if (!(refusal instanceof JsonRefusal)) throw refusal;
    return { ok: false, fault: jsonFaultOf(text, refusal) };
  }
}
