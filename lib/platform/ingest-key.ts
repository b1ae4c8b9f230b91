import { createHmac } from "node:crypto";

import { env } from "./env";
import { wrappingKeyFrom } from "./seal";

const MOST_KNOWN = 1_000;
const keys = new Map<string, Uint8Array>();

/**
 * A keyed hash for what a workspace's agents send: equal texts have equal hashes in this workspace and in no other, and
 * whoever has only the database cannot try out what a hash was of.
 */
export function ingestHash(workspaceId: string): (text: string | Uint8Array) => string {
  const key = keys.get(workspaceId) ?? derived(workspaceId);
  return (text) => createHmac("sha256", key).update(text).digest("hex");
}

function derived(workspaceId: string): Uint8Array {
  const key = wrappingKeyFrom(env.NEXTAUTH_SECRET, `interlock ingest ${workspaceId}`);
  if (key === null) throw new Error("NEXTAUTH_SECRET is too short to derive keys from");
  if (keys.size >= MOST_KNOWN) keys.clear();
  keys.set(workspaceId, key);
  return key;
}
