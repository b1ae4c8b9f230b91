import { BUNDLE_LINES, type BundleLineKind, readEntryLine } from "@/lib/core/ledger/bundle-line";
import type { Findings } from "@/lib/core/ledger/finding";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { createArchive } from "./archive";
import { judgeDecision } from "./judge";
import { createLog, type Log } from "./log";
import { type Asked, createTreeRead, type Entry, type TreeRead } from "./read-entries";

/** What was read of a bundle; what is wrong within it is among the findings already. */
export type BundleRead = TreeRead & {
  readonly log: Log;
  readonly keys: readonly string[];
  readonly header: JsonObject | null;
  readonly lines: number;
  /** The number of lines the last line names; null when it is not there. */
  readonly ended: number | null;
  readonly judged: number;
  readonly erased: number;
  readonly notKept: number;
};

/** Takes a bundle in, line by line, holding each against what came before. */
export function createReader(findings: Findings, asked: Asked) {
  const log = createLog(findings);
  const archive = createArchive(findings);
  const grown = createTreeRead(findings, log, asked);
  const keys: string[] = [];
  const seen = { lines: 0, judged: 0, erased: 0, notKept: 0 };
  let header: JsonObject | null = null;
  let ended: number | null = null;
  let stage: BundleLineKind = "header";
  let broken: number | null = null;

  function payload(record: JsonObject): void {
    const index = Number(record["index"]);
    const entry = log.decision(index);
    if (entry === null || entry.id !== record["decision"])
      return findings.add("tampered", "stray_payload", index, "A payload record is not that of the entry it names.");
    if (record["state"] === "pruned") {
      seen.notKept += 1;
    } else if (record["state"] === "erased") {
      seen.erased += 1;
      const message = "Its payload is gone and no entry here says who erased it.";
      if (!log.isErased(entry.id)) findings.add("incomplete", "erased_unrecorded", index, message);
    } else {
      const about = { index, quarantined: log.wasQuarantined(entry.tool_hash) };
      const judged = judgeDecision(entry, record, about, { archive, approvals: log.approvals, findings });
      if (judged === "judged") seen.judged += 1;
    }
  }

  const take: { readonly [type in BundleLineKind]: (record: JsonObject, line: number) => void } = {
    header: (record) => void (header = record),
    key: (record) => void keys.push(String(record["key"])),
    checkpoint: (record, line) => grown.checkpoint(String(record["note"]), line),
    entry: (_record, line) =>
      findings.add("tampered", "malformed", grown.tree.size(), `Line ${line} is no entry in its canonical form.`),
    manifest: (record) => archive.manifest(record),
    guardrail: (record) => archive.guardrail(record),
    tool: (record) => archive.tool(record),
    payload,
    end: (record) => void (ended = Number(record["lines"])),
  };

  function record(value: JsonObject, line: number): void {
    const type = BUNDLE_LINES.find((kind) => kind === value["type"]);
    const isEarly = type === undefined || BUNDLE_LINES.indexOf(type) < BUNDLE_LINES.indexOf(stage);
    if (isEarly || ended !== null || (type === "header") !== (line === 1))
      return findings.add("tampered", "out_of_place", null, `Line ${line} does not belong there.`);
    stage = type;
    take[type](value, line);
  }

  function malformed(line: number): void {
    findings.add("tampered", "malformed", null, `Line ${line} is not a JSON object.`);
  }

  return {
    /** Reads the next lines. */
    page(lines: readonly string[]): void {
      const batch: Entry[] = [];
      for (const text of lines) {
        seen.lines += 1;
        if (broken !== null) malformed(broken);
        broken = null;
        const mayBeEntry = seen.lines > 1 && BUNDLE_LINES.indexOf(stage) <= BUNDLE_LINES.indexOf("entry");
        const entry = mayBeEntry ? readEntryLine(text) : null;
        if (entry) {
          stage = "entry";
          batch.push(entry);
          continue;
        }
        if (batch.length > 0) grown.entries(batch.splice(0));
        const value = parsed(text);
        // Only the last line may be broken: there the file was cut.
        if (value === null) broken = seen.lines;
        else record(value, seen.lines);
      }
      if (batch.length > 0) grown.entries(batch);
    },
    /** What all of it came to, after the last line. */
    finish(): BundleRead {
      if (broken !== null && ended !== null) malformed(broken);
      log.finish(String(header?.["workspace"]), findings);
      return { ...grown, log, keys, header, ended, ...seen };
    },
  };
}

function parsed(text: string): JsonObject | null {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
