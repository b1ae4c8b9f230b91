import type { PayloadRecord } from "@/lib/core/ledger/bundle-line";
import type { Findings } from "@/lib/core/ledger/finding";

import type { Archive } from "./archive";
import { judgeDecision } from "./judge";
import type { Log } from "./log";

/** What became of the payloads of decisions. */
export type Payloads = {
  /** How many verdicts were judged again, from nothing but what leaves bind. */
  readonly judged: number;
  /** How many came out the same, from facts that no leaf binds: entries of earlier versions. */
  readonly unproven: number;
  /** How many are erased and an entry says by whom. */
  readonly erased: number;
  /** Entries whose payload is said to be erased or no longer kept, which nothing in the ledger says. */
  readonly withheld: readonly number[];
};

/** Takes payloads in, and says what became of them. */
export type PayloadsRead = { take(record: PayloadRecord): void; read(): Payloads };

/** Holds each payload against its entry, and judges the verdict again where it is there. */
export function createPayloads(findings: Findings, log: Log, archive: Archive): PayloadsRead {
  const seen = { judged: 0, unproven: 0, erased: 0 };
  const withheld: number[] = [];

  /** Only an entry makes it right that a payload is not there. No kind of entry says that one is no longer kept. */
  function gone(state: "erased" | "pruned", index: number, decision: string): void {
    const isErased = state === "erased";
    if (isErased && log.isErased(decision)) return void (seen.erased += 1);
    withheld.push(index);
    const [code, message] = isErased
      ? ["erased_unrecorded", "Its payload is gone and no entry here says who erased it."]
      : ["payload_withheld", "Its payload is said to be no longer kept, and nothing in the ledger says so."];
    findings.add("incomplete", code, index, message);
  }

  return {
    read: () => ({ ...seen, withheld }),
    take(record) {
      const { index } = record;
      const entry = log.decision(index);
      if (entry === null || entry.id !== record.decision)
        return findings.add("tampered", "stray_payload", index, "A payload record is not that of the entry it names.");
      if (record.state !== "kept") return gone(record.state, index, entry.id);
      const about = { index, quarantined: log.wasQuarantined(entry.tool_hash) };
      const judged = judgeDecision(entry, record, about, { archive, approvals: log.approvals, findings });
      if (judged === "judged" || judged === "unproven") seen[judged] += 1;
    },
  };
}
