import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";

/** The kinds of lines of a bundle, in the order in which they stand. */
export const BUNDLE_LINES = [
  "header",
  "key",
  "checkpoint",
  "entry",
  "manifest",
  "guardrail",
  "tool",
  "payload",
  "end",
] as const;
export type BundleLineKind = (typeof BUNDLE_LINES)[number];

/** One line of a bundle: canonical JSON with its kind as `type`. */
export function bundleLine(type: BundleLineKind, members: JsonObject): string {
  return `${canonicalJson({ ...members, type })}\n`;
}

/**
 * The line of an entry. Canonical too, so that the text between `{"entry":` and `,"index":` is, byte for byte, what the
 * leaf is the hash of: a verifier need not write it again.
 */
export function entryLine(index: bigint, leafHash: string, entry: JsonObject): string {
  return bundleLine("entry", { entry, index: Number(index), leaf_hash: leafHash });
}

const ENTRY_HEAD = '{"entry":';
const ENTRY_TAIL = /,"index":(0|[1-9]\d{0,15}),"leaf_hash":"([0-9a-f]{64})","type":"entry"\}$/;
/** The tail is never longer; looking for it there only keeps a long entry from being searched. */
const MAX_TAIL = 140;

/** Takes an entry's line apart without reading the entry; null when it is not exactly as `entryLine` writes it. */
export function readEntryLine(
  line: string,
): { readonly raw: string; readonly index: number; readonly leafHash: string } | null {
  if (!line.startsWith(ENTRY_HEAD)) return null;
  const from = Math.max(ENTRY_HEAD.length, line.length - MAX_TAIL);
  const tail = ENTRY_TAIL.exec(line.slice(from));
  const [, index, leafHash] = tail ?? [];
  if (!tail || index === undefined || leafHash === undefined) return null;
  return { raw: line.slice(ENTRY_HEAD.length, from + tail.index), index: Number(index), leafHash };
}
