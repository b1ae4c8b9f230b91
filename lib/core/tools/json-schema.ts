import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** Most schema objects one JSON Schema may hold; `10^6 anyOf` must not reach the compiler. */
const MAX_NODES = 5_000;
const MAX_DEPTH = 40;
const MAX_PATTERN_LENGTH = 1_000;
const MAX_ENUM = 10_000;

/** The keyword that makes a compiled schema count its own work; see `validators.ts`. */
export const FUEL_KEYWORD = "interlockFuel";

/** What one visit of a schema object costs, and whether comparing its items pairwise is part of it. */
export type FuelCharge = { readonly weight: number; readonly pairwise: boolean };

const SCHEMA_MAPS: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
]);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const SCHEMAS: ReadonlySet<string> = new Set([
  "items",
  "additionalProperties",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
/** Applied once for every item or member, so each visit must be paid for. */
const LOOPS: ReadonlySet<string> = new Set([
  "items",
  "additionalProperties",
  "patternProperties",
  "contains",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
]);

/** A branch that fails makes error objects even when another one fits, which costs far more than the check itself. */
const BRANCH_WEIGHT = 8;

const DIALECTS = /^https?:\/\/json-schema\.org\/(draft\/2020-12|draft\/2019-09|draft-07)\/schema#?$/;

/**
 * Keywords no tool may use: `$async` makes a validator answer with a promise, which is truthy; dynamic references are
 * resolved by the path taken, which nobody can review.
 */
const REFUSED: ReadonlySet<string> = new Set(["$async", "$dynamicRef", "$recursiveRef", FUEL_KEYWORD]);

export type PreparedSchema =
  | { readonly ok: true; readonly schema: JsonObject }
  | { readonly ok: false; readonly path: string; readonly why: string };

class Refusal {
  constructor(
    readonly path: string,
    readonly why: string,
  ) {}
}

/**
 * Makes an untrusted JSON Schema safe to compile: bounded, closed over itself, and metered.
 *
 * The copy has no `$id`, `$schema` or `x-…`, refers only to itself, and charges fuel wherever validation could repeat
 * (references and loops), so that neither recursion nor doubling chains of references can run away (`safety.md` T54).
 */
export function prepareSchema(schema: JsonObject): PreparedSchema {
  const seen = { nodes: 0 };
  const prepared = prepareNode(schema, { path: "", depth: 0, metered: true, seen });
  if (prepared instanceof Refusal) return { ok: false, path: prepared.path, why: prepared.why };
  return isJsonObject(prepared.schema)
    ? { ok: true, schema: prepared.schema }
    : { ok: false, path: "", why: "A tool's schema must be an object." };
}

type Place = {
  readonly path: string;
  readonly depth: number;
  readonly metered: boolean;
  readonly seen: { nodes: number };
};
type Prepared = { readonly schema: Json; readonly weight: number };

function prepareNode(node: Json | undefined, place: Place): Prepared | Refusal {
  if (typeof node === "boolean") return { schema: node, weight: 1 };
  if (!isJsonObject(node)) return new Refusal(place.path, "A schema must be an object, true or false.");
  place.seen.nodes += 1;
  if (place.seen.nodes > MAX_NODES) return new Refusal(place.path, `A schema may hold at most ${MAX_NODES} parts.`);
  if (place.depth > MAX_DEPTH) return new Refusal(place.path, `A schema may be at most ${MAX_DEPTH} levels deep.`);

  const copy: Record<string, Json> = {};
  let weight = 1;
  for (const [key, value] of Object.entries(node)) {
    if (isDropped(key, place.depth)) {
      if (key === "$schema" && !(typeof value === "string" && DIALECTS.test(value))) {
        return new Refusal(`${place.path}/$schema`, "This dialect of JSON Schema is not supported; use 2020-12.");
      }
      continue;
    }
    const refusal = refusedKeyword(key, value, place.path);
    if (refusal) return refusal;
    const prepared = prepareKeyword(key, value, { ...place, depth: place.depth + 1, metered: LOOPS.has(key) });
    if (prepared instanceof Refusal) return prepared;
    defineOwn(copy, key, prepared.schema);
    weight += prepared.weight;
  }
  if (place.metered || Object.hasOwn(node, "$ref") || node["uniqueItems"] === true) {
    copy[FUEL_KEYWORD] = { weight, pairwise: node["uniqueItems"] === true };
  }
  return { schema: copy, weight };
}

const isDropped = (key: string, depth: number) =>
  key.startsWith("x-") || ((key === "$id" || key === "$schema") && depth === 0);

function refusedKeyword(key: string, value: Json, path: string): Refusal | null {
  const here = `${path}/${key}`;
  if (REFUSED.has(key)) return new Refusal(here, `The keyword \`${key}\` is not supported.`);
  if (key === "$id" || key === "$schema")
    return new Refusal(here, `\`${key}\` is only allowed at the top of a schema.`);
  if (key === "$ref" && !(typeof value === "string" && value.startsWith("#"))) {
    return new Refusal(here, "A schema may only refer to its own parts (`#/…`); nothing is fetched.");
  }
  if (key === "pattern" && typeof value === "string" && value.length > MAX_PATTERN_LENGTH) {
    return new Refusal(here, `A pattern may have at most ${MAX_PATTERN_LENGTH} characters.`);
  }
  if (key === "enum" && isJsonArray(value) && value.length > MAX_ENUM) {
    return new Refusal(here, `An enum may have at most ${MAX_ENUM} values.`);
  }
  return null;
}

function prepareKeyword(key: string, value: Json, place: Place): Prepared | Refusal {
  const path = `${place.path}/${key}`;
  if (SCHEMAS.has(key)) return prepareNode(value, { ...place, path });
  if (SCHEMA_LISTS.has(key)) return prepareList(value, { ...place, path });
  // Definitions are where references lead, so they are metered whoever refers to them.
  const metered = place.metered || key === "$defs" || key === "definitions";
  if (SCHEMA_MAPS.has(key)) return prepareMap(value, { ...place, path, metered });
  return { schema: value, weight: 0 };
}

function prepareList(value: Json, place: Place): Prepared | Refusal {
  if (!isJsonArray(value)) return new Refusal(place.path, "This keyword takes a list of schemas.");
  const schemas: Json[] = [];
  let weight = 0;
  for (const [index, item] of value.entries()) {
    const prepared = prepareNode(item, { ...place, path: `${place.path}/${index}` });
    if (prepared instanceof Refusal) return prepared;
    schemas.push(prepared.schema);
    weight += prepared.weight;
  }
  return { schema: schemas, weight: weight * BRANCH_WEIGHT };
}

function prepareMap(value: Json, place: Place): Prepared | Refusal {
  if (!isJsonObject(value)) return new Refusal(place.path, "This keyword takes an object of schemas.");
  const schemas: Record<string, Json> = {};
  let weight = 0;
  for (const [name, member] of Object.entries(value)) {
    if (name.length > MAX_PATTERN_LENGTH) return new Refusal(place.path, "A property name or pattern is too long.");
    const prepared = prepareNode(member, { ...place, path: `${place.path}/${pointerToken(name)}` });
    if (prepared instanceof Refusal) return prepared;
    defineOwn(schemas, name, prepared.schema);
    weight += prepared.weight;
  }
  return { schema: schemas, weight };
}

/** Assigning to `__proto__` would change the prototype instead of adding a key. */
function defineOwn(target: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerToken(name: string | number): string {
  return String(name).replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * The argument names a schema knows at its top, looked up through `allOf`, `anyOf`, `oneOf`, `if` and local references.
 *
 * Empty for a schema that names none, which says nothing about what the tool accepts.
 */
export function argumentNames(schema: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  const visited = new Set<JsonObject>();
  const queue: (Json | undefined)[] = [schema];
  while (queue.length > 0) {
    const node = queue.pop();
    if (!isJsonObject(node) || visited.has(node) || visited.size > MAX_NODES) continue;
    visited.add(node);
    const properties = node["properties"];
    if (isJsonObject(properties)) for (const name of Object.keys(properties)) names.add(name);
    for (const key of ["allOf", "anyOf", "oneOf"]) {
      const members = node[key];
      if (isJsonArray(members)) queue.push(...members);
    }
    queue.push(node["if"], node["then"], node["else"]);
    if (typeof node["$ref"] === "string") queue.push(localTarget(schema, node["$ref"]));
  }
  return names;
}

function localTarget(root: JsonObject, ref: string): Json | undefined {
  if (ref !== "#" && !ref.startsWith("#/")) return undefined;
  let node: Json | undefined = root;
  for (const token of ref.split("/").slice(1)) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isJsonArray(node)) node = node[Number(key)];
    else if (isJsonObject(node) && Object.hasOwn(node, key)) node = node[key];
    else return undefined;
  }
  return node;
}
