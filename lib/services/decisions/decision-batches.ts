import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { createBatchQueue } from "@/lib/data/batch-queue";
import { decisionWriters } from "@/lib/data/decision-writers";
import { hintOutbox } from "@/lib/data/outbox-hints";
import { env } from "@/lib/platform/env";

import type { PreparedCall } from "./prepare-call";
import { type MadeDecision, recordBatch } from "./record-batch";

const WRITERS = 4;

/** The connections through which this process makes decisions durable. */
export const writers = decisionWriters({ connectionString: env.DATABASE_URL, most: WRITERS });

/** The one queue through which this process makes decisions durable. */
export const decisionBatches = createBatchQueue<PreparedCall, MadeDecision>(writers, {
  deadlineMs: env.DECISION_DEADLINE_MS,
  record: recordBatch,
  afterCommit: (workspaceId: WorkspaceId) => hintOutbox(workspaceId),
});
