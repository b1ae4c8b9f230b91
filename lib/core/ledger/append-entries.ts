import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";

import { append, type Frontier, type Hash, leafHash, rootOf, type Sha256 } from "./merkle";

const utf8 = new TextEncoder();

/** The leaf of a ledger entry: the RFC 6962 hash of its canonical form (RFC 8785) in UTF-8. */
export function leafOfEntry(sha256: Sha256, body: JsonObject): Hash {
  return leafHash(sha256, utf8.encode(canonicalJson(body)));
}

/** A tree after more entries: their leaves in order, the new frontier and the new root. */
export type Extension = { readonly leaves: readonly Hash[]; readonly frontier: Frontier; readonly root: Hash };

/** Appends entries, given in their canonical text, in order; the first gets index `frontier.size`. */
export function appendEntries(sha256: Sha256, frontier: Frontier, bodies: readonly string[]): Extension {
  const leaves = bodies.map((body) => leafHash(sha256, utf8.encode(body)));
  const grown = leaves.reduce((before, leaf) => append(sha256, before, leaf), frontier);
  return { leaves, frontier: grown, root: rootOf(sha256, grown) };
}
