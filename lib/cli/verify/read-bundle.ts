import {
  BUNDLE_FORMAT,
  BUNDLE_LINES,
  type BundleLineKind,
  readEntryLine,
  readLine,
} from "@/lib/core/ledger/bundle-line";
import type { Findings } from "@/lib/core/ledger/finding";
import type { JsonObject } from "@/lib/core/shared/json";

import { createArchive } from "./archive";
import { createLineOrder } from "./line-order";
import { createLog, type Log } from "./log";
import { type Asked, createTreeRead, type Entry, type TreeRead } from "./read-entries";
import { createPayloads, type Payloads } from "./read-payloads";
import { createTakers, type Frame } from "./take-lines";

/** What was read of a bundle; what is wrong within it is among the findings already. */
export type BundleRead = TreeRead &
  Payloads &
  Readonly<Frame> & {
    readonly log: Log;
    readonly lines: number;
  };

/** Takes a bundle in, line by line, holding each against what came before. */
export function createReader(findings: Findings, asked: Asked) {
  const log = createLog(findings);
  const archive = createArchive(findings);
  const grown = createTreeRead(findings, log, asked);
  const payloads = createPayloads(findings, log, archive);
  const order = createLineOrder(findings);
  const frame: Frame = { header: null, keys: [], ended: null };
  const take = createTakers({ findings, log, archive, grown, payloads, order }, frame);
  let lines = 0;
  let stage: BundleLineKind = "header";
  let broken: number | null = null;

  function record(value: JsonObject, line: number): void {
    const type = BUNDLE_LINES.find((kind) => kind === value["type"]);
    const isEarly = type === undefined || BUNDLE_LINES.indexOf(type) < BUNDLE_LINES.indexOf(stage);
    if (isEarly || frame.ended !== null || (type === "header") !== (line === 1))
      return findings.add("tampered", "out_of_place", null, `Line ${line} does not belong there.`);
    if (type !== stage) order.restart();
    stage = type;
    if (type === "entry")
      return findings.add(
        "tampered",
        "malformed",
        grown.tree.size(),
        `Line ${line} is no entry in its canonical form.`,
      );
    const { type: _type, ...members } = value;
    if (take[type](members, line)) return;
    const { format, v } = members;
    if (type === "header" && (format !== BUNDLE_FORMAT.format || v !== BUNDLE_FORMAT.v))
      return findings.add("incomplete", "other_format", null, "This verifier does not know the file's format.");
    findings.add("tampered", "malformed", null, `Line ${line} does not have the members of a ${type} line.`);
  }

  function malformed(line: number): void {
    findings.add("tampered", "malformed", null, `Line ${line} is not a JSON object.`);
  }

  return {
    /** Reads the next lines. */
    page(texts: readonly string[]): void {
      const batch: Entry[] = [];
      for (const text of texts) {
        lines += 1;
        if (broken !== null) malformed(broken);
        broken = null;
        const mayBeEntry = lines > 1 && BUNDLE_LINES.indexOf(stage) <= BUNDLE_LINES.indexOf("entry");
        const entry = mayBeEntry && frame.ended === null ? readEntryLine(text) : null;
        if (entry) {
          stage = "entry";
          batch.push(entry);
          continue;
        }
        if (batch.length > 0) grown.entries(batch.splice(0));
        const value = readLine(text);
        // Only the last line may be broken: there the file was cut.
        if (value === undefined) broken = lines;
        else if (value !== null) record(value, lines);
        else findings.add("tampered", "not_canonical", null, `Line ${lines} is not in its canonical form.`);
      }
      if (batch.length > 0) grown.entries(batch);
    },
    /** What all of it came to, after the last line. */
    finish(): BundleRead {
      if (broken !== null && frame.ended !== null) malformed(broken);
      log.finish(frame.header?.workspace ?? null, findings);
      log.named.finish(archive.has, findings);
      return { ...grown, ...frame, log, lines, ...payloads.read() };
    },
  };
}
