import "server-only";

import { createBatchQueue } from "@/lib/data/batch-queue";
import { tryOpening } from "@/lib/data/run-batch";
import { decisionWriters } from "@/lib/data/decision-writers";
import { hintOutbox } from "@/lib/data/outbox-hints";
import { env } from "@/lib/platform/env";

import type { PreparedCall } from "./prepare-call";
import { type MadeDecision, recordBatch } from "./record-batch";

const WRITERS = 4;
const OUTCOME_WRITERS = 2;

/** The connections through which this process makes decisions durable. */
const writers = decisionWriters({ connectionString: env.DATABASE_URL, most: WRITERS });

/** Those for what became of allowed calls: reports can never take a decision's place. */
export const outcomeWriters = decisionWriters({ connectionString: env.DATABASE_URL, most: OUTCOME_WRITERS });

/** The one queue through which this process makes decisions durable. */
export const decisionBatches = createBatchQueue<PreparedCall, MadeDecision>(writers, {
  deadlineMs: env.DECISION_DEADLINE_MS,
  record: recordBatch,
  afterCommit: hintOutbox,
});

let warm: Promise<boolean> | null = null;

/**
 * Whether every connection that decisions are made through is open and has prepared its statement. What failed is tried
 * again when asked again.
 */
export function decisionsReady(): Promise<boolean> {
  warm ??= Promise.all([writers.warm(tryOpening), outcomeWriters.warm(tryOpening)]).then(
    () => true,
    () => {
      warm = null;
      return false;
    },
  );
  return warm;
}

/** Ends the connections, for a program that is done. */
export async function closeDecisions(): Promise<void> {
  await Promise.all([writers.close(), outcomeWriters.close()]);
}
