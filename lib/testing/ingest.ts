import { createHash, randomUUID } from "node:crypto";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { AgentEvent } from "@/lib/core/traces/event";
import type { Sender } from "@/lib/core/traces/stored-event";
import type { IncomingBatch } from "@/lib/data/ingest-queue";
import { pgIngestQueue } from "@/lib/data/pg-ingest-queue";

import { givenStored } from "./trace-events";

/** A batch of these events as the door would put it in the queue. */
export function givenBatch(
  sender: Sender,
  events: readonly AgentEvent[],
  digest: string = createHash("sha256").update(randomUUID()).digest("hex"),
): IncomingBatch {
  const parts = [
    events.map((event) => {
      const { agentId: _agent, credentialId: _credential, receivedAt: _at, ...admitted } = givenStored(sender, event);
      return admitted;
    }),
  ];
  return { ...sender, inlet: "traces", digest, receivedAt: new Date(), parts };
}

/** Puts events into the queue as one batch. */
export function enqueue(workspaceId: WorkspaceId, sender: Sender, events: readonly AgentEvent[]) {
  return pgIngestQueue.enqueue(workspaceId, givenBatch(sender, events));
}
