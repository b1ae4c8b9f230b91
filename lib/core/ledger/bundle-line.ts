import { z } from "zod";

import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** What the header says of the file itself. The second version holds nothing that no leaf or signature binds. */
export const BUNDLE_FORMAT = { format: "interlock-bundle", v: 2 } as const;

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

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().min(0);
const Content = z.custom<JsonObject>((value) => isJsonObject(value as Json)); // read from JSON
const About = { index: Count, decision: z.string() };
const Kept = { ...About, state: z.literal("kept"), call: Content, salt: z.string().regex(/^([0-9a-f]{2})+$/) };

/** A payload. `beside` where the entry holds the facts; the first version of entries held none, and they are `facts` here. */
const KeptPayload = z.union([
  z.strictObject({ ...Kept, beside: Content }),
  z.strictObject({ ...Kept, facts: Content.nullable() }),
]);
export type KeptPayload = z.infer<typeof KeptPayload>;
const GonePayload = z.strictObject({ ...About, state: z.enum(["erased", "pruned"]) });
export type PayloadRecord = KeptPayload | z.infer<typeof GonePayload>;

/** The members of each kind of line besides `type`, and no others: what nobody reads would be read as if it were true. */
export const BUNDLE_RECORDS = {
  header: z.strictObject({
    format: z.literal(BUNDLE_FORMAT.format),
    v: z.literal(BUNDLE_FORMAT.v),
    log: z.string().nullable(),
    workspace: z.string(),
    size: Count,
    root_hash: Hash.nullable(),
  }),
  key: z.strictObject({ key: z.string() }),
  checkpoint: z.strictObject({ note: z.string() }),
  manifest: z.strictObject({ hash: Hash, content: Content }),
  guardrail: z.strictObject({ hash: Hash, content: Content }),
  tool: z.strictObject({ hash: Hash, definition: Content }),
  payload: z.union([KeptPayload, GonePayload]),
  end: z.strictObject({ lines: Count }),
} as const satisfies { readonly [kind in Exclude<BundleLineKind, "entry">]: z.ZodType };
export type BundleRecords = { readonly [kind in keyof typeof BUNDLE_RECORDS]: z.infer<(typeof BUNDLE_RECORDS)[kind]> };

/** Reads a line of canonical JSON; null when it is an object and not in that form, undefined when it is none at all. */
export function readLine(text: string): JsonObject | null | undefined {
  try {
    const value: Json = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    return canonicalJson(value) === text ? value : null;
  } catch (error) {
    // What parses and cannot be written in canonical form at all: endless numbers, half characters, a bottomless nest.
    return error instanceof SyntaxError ? undefined : null;
  }
}

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
