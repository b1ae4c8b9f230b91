import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { type Dialect, dialectOf, type Keyword, rewriteKeywords } from "./schema-dialect";
import { findUnevaluated } from "./unevaluated";

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

/**
 * Keywords no tool may use: `$async` makes a validator answer with a promise, which is truthy; dynamic references are
 * resolved by the path taken, which nobody can review.
 */
const REFUSED: ReadonlySet<string> = new Set(["$async", "$dynamicRef", "$recursiveRef", "$vocabulary", FUEL_KEYWORD]);

/** Ajv passes over this name, so what a schema says of it would not hold. */
const PROTO = "A schema cannot name the property `__proto__`.";

export type PreparedSchema =
  | { readonly ok: true; readonly schema: JsonObject; readonly unevaluated: boolean }
  | { readonly ok: false; readonly path: string; readonly why: string };

class Refusal {
  constructor(
    readonly path: string,
    readonly why: string,
  ) {}
}

/**
 * Makes an untrusted JSON Schema safe to compile: 2020-12, bounded, closed over itself, metered, and without what cannot
 * be judged exactly.
 *
 * The copy has no `$id`, `$schema` or `x-…`, refers only to its own schemas, and charges fuel wherever validation could
 * repeat (references and loops), so that neither recursion nor doubling chains of references can run away.
 */
export function prepareSchema(schema: JsonObject): PreparedSchema {
  const dialect = dialectOf(schema["$schema"]);
  if (dialect === null) {
    return { ok: false, path: "/$schema", why: "This dialect of JSON Schema is not supported; use 2020-12." };
  }
  const seen: Seen = { nodes: 0, dialect, places: new Map(), anchors: new Map(), refs: [] };
  const prepared = prepareNode(schema, { path: "", to: "", depth: 0, metered: true, seen });
  if (prepared instanceof Refusal) return { ok: false, path: prepared.path, why: prepared.why };
  if (!isJsonObject(prepared.schema)) return { ok: false, path: "", why: "A tool's schema must be an object." };
  const resolved = resolveRefs(seen, schema["$id"]);
  if (resolved instanceof Refusal) return { ok: false, path: resolved.path, why: resolved.why };
  const unevaluated = findUnevaluated(prepared.schema, resolved);
  return unevaluated.fault === null
    ? { ok: true, schema: prepared.schema, unevaluated: unevaluated.used }
    : { ok: false, path: "", why: unevaluated.fault };
}

/** What is found on the way through a schema, by its JSON pointers: `places` tells where each part went in the copy. */
type Seen = {
  nodes: number;
  readonly dialect: Dialect;
  readonly places: Map<string, { readonly to: string; readonly schema: Json }>;
  readonly anchors: Map<string, string>;
  readonly refs: { readonly path: string; readonly copy: Record<string, Json>; readonly ref: string }[];
};
type Place = {
  readonly path: string;
  readonly to: string;
  readonly depth: number;
  readonly metered: boolean;
  readonly seen: Seen;
};
type Prepared = { readonly schema: Json; readonly weight: number };

function prepareNode(node: Json | undefined, place: Place): Prepared | Refusal {
  const { seen, path, to } = place;
  if (typeof node === "boolean") {
    seen.places.set(path, { to, schema: node });
    return { schema: node, weight: 1 };
  }
  if (!isJsonObject(node)) return new Refusal(path, "A schema must be an object, true or false.");
  seen.nodes += 1;
  if (seen.nodes > MAX_NODES) return new Refusal(path, `A schema may hold at most ${MAX_NODES} parts.`);
  if (place.depth > MAX_DEPTH) return new Refusal(path, `A schema may be at most ${MAX_DEPTH} levels deep.`);

  const rewritten = rewriteKeywords(node, seen.dialect);
  if (!rewritten.ok) return new Refusal(`${path}/${rewritten.key}`, rewritten.why);
  for (const anchor of rewritten.anchors) {
    if (seen.anchors.has(anchor)) return new Refusal(path, `The anchor \`${anchor}\` is defined twice.`);
    seen.anchors.set(anchor, path);
  }
  const copy: Record<string, Json> = {};
  seen.places.set(path, { to, schema: copy });
  let weight = 1;
  for (const keyword of rewritten.keywords) {
    const { key, value } = keyword;
    if (place.depth === 0 && (key === "$id" || key === "$schema")) continue;
    const refusal = refusedKeyword(keyword, path);
    if (refusal) return refusal;
    if (key === "$ref") seen.refs.push({ path: `${path}/$ref`, copy, ref: String(value) });
    const within = { path: path + keyword.from, to: to + keyword.to, depth: place.depth + 1 };
    const prepared = prepareKeyword(key, value, { ...within, metered: LOOPS.has(key), seen });
    if (prepared instanceof Refusal) return prepared;
    defineOwn(copy, key, prepared.schema);
    weight += prepared.weight;
  }
  if (place.metered || Object.hasOwn(copy, "$ref") || copy["uniqueItems"] === true) {
    copy[FUEL_KEYWORD] = { weight, pairwise: copy["uniqueItems"] === true };
  }
  return { schema: copy, weight };
}

function refusedKeyword({ key, value, from }: Keyword, path: string): Refusal | null {
  const here = path + from;
  if (REFUSED.has(key)) return new Refusal(here, `The keyword \`${key}\` is not supported.`);
  if (key === "$id" || key === "$schema")
    return new Refusal(here, `\`${key}\` is only allowed at the top of a schema.`);
  if (key === "$ref" && typeof value !== "string") return new Refusal(here, "A reference is a text.");
  if (key === "pattern" && typeof value === "string" && value.length > MAX_PATTERN_LENGTH) {
    return new Refusal(here, `A pattern may have at most ${MAX_PATTERN_LENGTH} characters.`);
  }
  if (key === "enum" && isJsonArray(value) && value.length > MAX_ENUM) {
    return new Refusal(here, `An enum may have at most ${MAX_ENUM} values.`);
  }
  if (key === "dependentRequired" && isJsonObject(value) && Object.hasOwn(value, "__proto__")) {
    return new Refusal(here, PROTO);
  }
  return null;
}

/** Points every reference at where its target went, or refuses one that leads anywhere but to a part of the schema. */
function resolveRefs(seen: Seen, $id: Json | undefined): ReadonlyMap<string, Json> | Refusal {
  const targets = new Map<string, Json>();
  for (const { path, copy, ref } of seen.refs) {
    const fragment = fragmentOf(ref, $id);
    if (fragment === null) {
      return new Refusal(path, "A schema may only refer to its own parts (`#/…`); nothing is fetched.");
    }
    const pointer = fragment === "" || fragment.startsWith("/") ? canonical(fragment) : seen.anchors.get(fragment);
    const place = pointer === undefined ? undefined : seen.places.get(pointer);
    if (place === undefined) return new Refusal(path, `\`${ref.slice(0, 80)}\` is not a part of this schema.`);
    const target = `#${place.to.split("/").map(encodeURIComponent).join("/")}`;
    copy["$ref"] = target;
    targets.set(target, place.schema);
  }
  return targets;
}

/** What stands behind `#` in a reference to the schema itself, by its name or without one; null for one to elsewhere. */
function fragmentOf(ref: string, $id: Json | undefined): string | null {
  const name = typeof $id === "string" ? $id.replace(/#$/, "") : "";
  const own = name !== "" && (ref === name || ref.startsWith(`${name}#`)) ? ref.slice(name.length) : ref;
  if (own === "") return "";
  try {
    return own.startsWith("#") ? decodeURIComponent(own.slice(1)) : null;
  } catch {
    return null;
  }
}

/** One spelling for each JSON pointer: `~` only where it must be escaped. */
const canonical = (pointer: string) =>
  pointer
    .split("/")
    .map((token) => pointerToken(token.replaceAll("~1", "/").replaceAll("~0", "~")))
    .join("/");

function prepareKeyword(key: string, value: Json, place: Place): Prepared | Refusal {
  if (SCHEMAS.has(key)) return prepareNode(value, place);
  if (SCHEMA_LISTS.has(key)) return prepareList(value, place);
  // Definitions are where references lead, so they are metered whoever refers to them.
  const metered = place.metered || key === "$defs" || key === "definitions";
  if (SCHEMA_MAPS.has(key)) return prepareMap(value, { ...place, metered });
  return { schema: value, weight: 0 };
}

function prepareList(value: Json, place: Place): Prepared | Refusal {
  if (!isJsonArray(value)) return new Refusal(place.path, "This keyword takes a list of schemas.");
  const schemas: Json[] = [];
  let weight = 0;
  for (const [index, item] of value.entries()) {
    const prepared = prepareNode(item, { ...place, path: `${place.path}/${index}`, to: `${place.to}/${index}` });
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
    if (name === "__proto__") return new Refusal(place.path, PROTO);
    const token = pointerToken(name);
    const prepared = prepareNode(member, { ...place, path: `${place.path}/${token}`, to: `${place.to}/${token}` });
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
