import type { z } from "zod";

import { BUNDLE_RECORDS, type BundleRecords } from "@/lib/core/ledger/bundle-line";
import type { Findings } from "@/lib/core/ledger/finding";
import type { NamedDefinition } from "@/lib/core/ledger/named-definitions";
import type { JsonObject } from "@/lib/core/shared/json";

import type { Archive } from "./archive";
import type { LineOrder } from "./line-order";
import type { Log } from "./log";
import type { TreeRead } from "./read-entries";
import type { PayloadsRead } from "./read-payloads";

/** What a bundle says of itself. */
export type Frame = {
  header: BundleRecords["header"] | null;
  readonly keys: string[];
  /** The number of lines the last line names; null when it is not there. */
  ended: number | null;
};

type Parts = {
  readonly findings: Findings;
  readonly log: Log;
  readonly archive: Archive;
  readonly grown: TreeRead;
  readonly payloads: PayloadsRead;
  readonly order: LineOrder;
};

/** Reads a line's members and does with them what is to be done; false when they are not those of its kind. */
type Take = (members: JsonObject, line: number) => boolean;

const taking =
  <T>(schema: z.ZodType<T>, use: (read: T, line: number) => void): Take =>
  (members, line) => {
    const read = schema.safeParse(members);
    if (read.success) use(read.data, line);
    return read.success;
  };

/** What is done with each kind of line but entries, which are read many at a time. */
export function createTakers(
  { findings, log, archive, grown, payloads, order }: Parts,
  frame: Frame,
): { readonly [kind in keyof typeof BUNDLE_RECORDS]: Take } {
  /** A definition that no entry names is bound by nothing. */
  function isBound(definition: NamedDefinition, line: number): boolean {
    const isNamed = log.named.has(definition);
    if (!isNamed)
      findings.add("tampered", "stray_definition", null, `No entry names the ${definition.kind} in line ${line}.`);
    return order.follows(definition.hash, line) && isNamed;
  }

  return {
    header: taking(BUNDLE_RECORDS.header, (read) => void (frame.header = read)),
    key: taking(BUNDLE_RECORDS.key, ({ key }) => void frame.keys.push(key)),
    checkpoint: taking(BUNDLE_RECORDS.checkpoint, ({ note }, line) => grown.checkpoint(note, line)),
    manifest: taking(BUNDLE_RECORDS.manifest, (read, line) => {
      if (isBound({ kind: "manifest", hash: read.hash }, line)) archive.manifest(read);
    }),
    guardrail: taking(BUNDLE_RECORDS.guardrail, (read, line) => {
      if (isBound({ kind: "guardrail", hash: read.hash }, line)) archive.guardrail(read);
    }),
    tool: taking(BUNDLE_RECORDS.tool, (read, line) => {
      if (isBound({ kind: "tool", hash: read.hash }, line)) archive.tool(read);
    }),
    payload: taking(BUNDLE_RECORDS.payload, (read, line) => {
      if (order.follows(read.index, line)) payloads.take(read);
    }),
    end: taking(BUNDLE_RECORDS.end, (read) => void (frame.ended = read.lines)),
  };
}
