import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { CONTENT_HINT, CONTENT_KEYWORD } from "./content-hints";
import { contentOf, foldedName, wordsOfName } from "./content-names";

/** What the catalogue could say of one argument; null where only a person knows. */
export type ProposedHint = { readonly argument: string; readonly hint: string | null };

/** Names that say nothing of what a text is. */
const VAGUE: ReadonlySet<string> = new Set(
  "input payload data code value text content body task job step action operation expression args options".split(" "),
);
const PATHS: ReadonlySet<string> = new Set("path paths file files filename directory dir folder".split(" "));
const ADDRESSES: ReadonlySet<string> = new Set("url urls uri host hostname endpoint webhook domain".split(" "));
const MAX_PROPOSED = 20;

/** Arguments of a schema that hold free text and do not say what it is, with what the catalogue could say of them. */
export function proposeHints(schema: JsonObject): readonly ProposedHint[] {
  const found = new Map<string, ProposedHint>();
  visit(schema, found);
  return [...found.values()].slice(0, MAX_PROPOSED);
}

function visit(node: Json, found: Map<string, ProposedHint>): void {
  if (Array.isArray(node)) for (const item of node) visit(item, found);
  if (!isJsonObject(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "enum" || key === "const" || key === "default" || key === "examples") continue;
    if (key !== "properties" || !isJsonObject(value)) visit(value, found);
    else {
      for (const [name, property] of Object.entries(value)) {
        const hint = isJsonObject(property) && isFreeText(property) ? hintFor(name) : undefined;
        if (hint !== undefined) found.set(foldedName(name), { argument: name, hint });
        visit(property, found);
      }
    }
  }
}

function isFreeText(schema: JsonObject): boolean {
  const { type, enum: choices, const: only, pattern, format } = schema;
  const isText = type === "string" || (Array.isArray(type) && type.includes("string")) || type === undefined;
  const hint = schema[CONTENT_KEYWORD];
  if (typeof hint === "string" && CONTENT_HINT.test(hint)) return false;
  return isText && choices === undefined && only === undefined && pattern === undefined && format === undefined;
}

function hintFor(name: string): string | null | undefined {
  const content = contentOf(name);
  if (content === "shell" || content === "program") return "shell";
  if (content === "sql" || content === "query") return "sql:postgres";
  const words = wordsOfName(name);
  if (words.some((word) => PATHS.has(word))) return "path";
  if (words.some((word) => ADDRESSES.has(word))) return "url";
  return words.length === 1 && VAGUE.has(words[0] ?? "") ? null : undefined;
}

/** The proposals in a sentence; null where there are none. */
export function proposalText(proposed: readonly ProposedHint[]): string | null {
  if (proposed.length === 0) return null;
  const each = proposed.map(({ argument, hint }) =>
    hint === null
      ? `\`${argument}\` may be anything`
      : `\`${argument}\` may be \`${hint.startsWith("sql") ? "sql:<dialect>" : hint}\``,
  );
  return `Say in the schema what free text holds, with \`${CONTENT_KEYWORD}\`: ${each.join(", ")}.`;
}
