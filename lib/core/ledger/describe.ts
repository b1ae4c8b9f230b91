import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** Members whose value says enough by itself. */
const PLAIN: ReadonlySet<string> = new Set([
  "agent",
  "tool",
  "reason",
  "note",
  "verdict",
  "state",
  "status",
  "change",
  "email",
]);
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const MOST_PARTS = 6;
const MOST_CHARACTERS = 120;

/**
 * What an entry is about, on one line; the entry itself stays the truth. Built from whatever it holds, so that a new
 * kind needs no new words here; ids and digests are left to the entry.
 */
export function describeEntry(kind: string, body: JsonObject): string {
  if (kind === "decision") return joined([textOf(body["verdict"]), textOf(body["tool"]), textOf(body["rule"])]);
  if (kind === "outcome")
    return joined([
      textOf(body["outcome"]),
      body["claimed"] === body["outcome"] ? "" : `claimed ${textOf(body["claimed"])}`,
      differs(body["effect"]) ? "effect differs" : "",
    ]);
  const details = body["details"];
  if (!isJsonObject(details)) return "";
  // The canonical form sorts members by name; what the entry is about should come first.
  const names = Object.keys(details).toSorted((a, b) => rank(a) - rank(b));
  return joined(names.map((name) => partOf(name, details[name] ?? null)).slice(0, MOST_PARTS));
}

function differs(effect: Json | undefined): boolean {
  const found = isJsonObject(effect ?? null) ? (effect as JsonObject)["differs"] : undefined;
  return Array.isArray(found) && found.length > 0;
}

/** What an entry points to, for links. */
export function subjectsOf(
  kind: string,
  body: JsonObject,
): { readonly agent: string | null; readonly approval: string | null; readonly decision: string | null } {
  const details = isJsonObject(body["details"]) ? body["details"] : {};
  const id = (...values: (Json | undefined)[]) => values.map(textOf).find((text) => ID.test(text)) ?? null;
  return {
    agent: textOf(details["agent"] ?? (kind === "decision" ? body["agent"] : null)) || null,
    approval: id(details["approval_id"], body["approval"]),
    decision: id(details["decision_id"], kind === "decision" ? body["id"] : body["decision"]),
  };
}

const rank = (name: string) => (name === "agent" || name === "tool" ? 0 : PLAIN.has(name) ? 1 : 2);

function partOf(name: string, value: Json): string {
  if (value === null || value === false || value === 0 || value === "") return "";
  if (isJsonObject(value)) return "";
  const text = isJsonArray(value) ? value.map(textOf).join(", ") : value === true ? "yes" : textOf(value);
  if (ID.test(text) || HASH.test(text) || text === "") return "";
  return PLAIN.has(name) ? text : `${name.replaceAll("_", " ")} ${text}`;
}

function textOf(value: Json | undefined): string {
  if (typeof value === "string")
    return value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS - 1)}…` : value;
  return typeof value === "number" ? String(value) : "";
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join(" · ");
