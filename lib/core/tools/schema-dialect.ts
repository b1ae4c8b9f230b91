import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { FORMATS } from "./formats";

/** The versions of JSON Schema that are read. `undeclared`: 2020-12, and the tuples of the drafts before it. */
export type Dialect = "2020-12" | "2019-09" | "draft-07" | "undeclared";

/** A keyword in its 2020-12 form, and where it stands in the schema as written (`from`) and in the copy (`to`). */
export type Keyword = { readonly key: string; readonly value: Json; readonly from: string; readonly to: string };

export type Rewritten =
  | { readonly ok: true; readonly keywords: readonly Keyword[]; readonly anchors: readonly string[] }
  | { readonly ok: false; readonly key: string; readonly why: string };

const DIALECT = /^https?:\/\/json-schema\.org\/(?:draft\/(2020-12|2019-09)|(draft-07))\/schema#?$/;

/** Keywords that a dialect does not have. Ignoring one would leave out what its author meant, so it is refused. */
const NEWER: Record<Dialect, ReadonlySet<string>> = {
  "draft-07": new Set([
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "dependentRequired",
    "dependentSchemas",
    "maxContains",
    "minContains",
    "prefixItems",
    "unevaluatedItems",
    "unevaluatedProperties",
  ]),
  "2019-09": new Set(["$dynamicAnchor", "prefixItems"]),
  "2020-12": new Set(["$recursiveAnchor"]),
  undeclared: new Set(["$recursiveAnchor"]),
};

/** What stays of a draft-07 schema beside a `$ref`: the others are ignored there, except as places to refer to. */
const BESIDE_REF: ReadonlySet<string> = new Set(["$ref", "$schema", "$id", "$defs", "definitions"]);

/** The dialect `$schema` names, or null for one that is not read. */
export function dialectOf($schema: Json | undefined): Dialect | null {
  if ($schema === undefined) return "undeclared";
  const [, recent, old] = typeof $schema === "string" ? (DIALECT.exec($schema) ?? []) : [];
  return recent === "2020-12" || recent === "2019-09" ? recent : old === "draft-07" ? old : null;
}

/** One schema object in the keywords of 2020-12, without what has no effect in its dialect. */
export function rewriteKeywords(node: JsonObject, dialect: Dialect): Rewritten {
  const keywords: Keyword[] = [];
  const anchors: string[] = [];
  const keep = (key: string, value: Json, from = `/${key}`) => keywords.push({ key, value, from, to: `/${key}` });
  const refuse = (key: string, why: string): Rewritten => ({ ok: false, key, why });
  const alone = dialect === "draft-07" && Object.hasOwn(node, "$ref");

  for (const [key, value] of Object.entries(node)) {
    if (hasNoEffect(key, node) || (alone && !BESIDE_REF.has(key))) continue;
    if (NEWER[dialect].has(key)) return refuse(key, `The keyword \`${key}\` is not part of ${dialect}.`);
    if (key === "$anchor" || key === "$dynamicAnchor" || (dialect === "draft-07" && isFragment(key, value))) {
      if (typeof value !== "string") return refuse(key, "An anchor is a name.");
      anchors.push(value.replace(/^#/, ""));
    } else if (key === "items" && isJsonArray(value)) {
      if (dialect === "2020-12") return refuse(key, "In 2020-12, `items` is one schema; a tuple is `prefixItems`.");
      if (Object.hasOwn(node, "prefixItems")) return refuse(key, "A tuple is `prefixItems` or `items`, not both.");
      keywords.push({ key: "prefixItems", value, from: "/items", to: "/prefixItems" });
    } else if (key === "additionalItems" && dialect !== "2020-12") {
      keywords.push({ key: "items", value, from: "/additionalItems", to: "/items" });
    } else if (key === "dependencies") {
      if (Object.hasOwn(node, "dependentRequired") || Object.hasOwn(node, "dependentSchemas")) {
        return refuse(key, "`dependencies` is the older form of `dependentRequired` and `dependentSchemas`; use one.");
      }
      if (!isJsonObject(value)) return refuse(key, "This keyword takes an object.");
      keywords.push(...dependenciesOf(value));
    } else {
      keep(key, value);
    }
  }
  return { ok: true, keywords, anchors };
}

const isFragment = (key: string, value: Json) => key === "$id" && typeof value === "string" && value.startsWith("#");

/** Annotations, and keywords that the specification ignores without the one they belong to. */
function hasNoEffect(key: string, node: JsonObject): boolean {
  const has = (other: string) => Object.hasOwn(node, other);
  if (key.startsWith("x-") || key === "$comment") return true;
  if (key === "then" || key === "else") return !has("if");
  if (key === "if") return !has("then") && !has("else");
  if (key === "additionalItems") return !isJsonArray(node["items"]);
  if (key === "maxContains") return !has("contains");
  if (key === "minContains" || key === "contains") {
    return !has("contains") || (node["minContains"] === 0 && !has("maxContains"));
  }
  if (key === "format") return typeof node["format"] === "string" && !FORMATS.has(node["format"]);
  return key === "$recursiveAnchor" && typeof node["$recursiveAnchor"] === "boolean";
}

function dependenciesOf(dependencies: JsonObject): readonly Keyword[] {
  const entries = Object.entries(dependencies);
  const part = (key: string, lists: boolean): Keyword => ({
    key,
    value: Object.fromEntries(entries.filter(([, value]) => isJsonArray(value) === lists)),
    from: "/dependencies",
    to: `/${key}`,
  });
  return [part("dependentRequired", true), part("dependentSchemas", false)];
}
