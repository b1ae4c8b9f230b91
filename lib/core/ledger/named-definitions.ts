import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** What a bundle carries beside its entries, each found by the hash of its content. */
export const DEFINITION_KINDS = ["manifest", "guardrail", "tool"] as const;
export type DefinitionKind = (typeof DEFINITION_KINDS)[number];

/** A manifest, guardrail or tool definition that an entry names. */
export type NamedDefinition = { readonly kind: DefinitionKind; readonly hash: string };

const HASH = /^[0-9a-f]{64}$/;

/**
 * The definitions an entry names: those a decision was made from, and those that a `manifest.…`, `guardrail.…` or
 * `tool.…` entry is about. A bundle holds these and no others, so that each of its lines is bound by a leaf.
 */
export function namedDefinitions(body: JsonObject): readonly NamedDefinition[] {
  const kind = String(body["kind"]);
  if (kind === "decision") return DEFINITION_KINDS.flatMap((what) => namedBy(what, body[`${what}_hash`]));
  const what = DEFINITION_KINDS.find((noun) => kind.startsWith(`${noun}.`));
  const details = body["details"];
  return what !== undefined && isJsonObject(details) ? namedBy(what, details["hash"]) : [];
}

function namedBy(kind: DefinitionKind, hash: Json | undefined): readonly NamedDefinition[] {
  return typeof hash === "string" && HASH.test(hash) ? [{ kind, hash }] : [];
}
