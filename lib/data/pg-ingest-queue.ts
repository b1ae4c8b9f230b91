import "server-only";

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";

import { AgentId, CredentialId, WorkspaceId } from "@/lib/core/shared/brand";
import type { AdmittedEvent } from "@/lib/core/traces/stored-event";

import { ingestPool, ingestTransaction } from "./ingest-pool";
import type { IngestQueue, LeasedBatch } from "./ingest-queue";
import { functionCall } from "./wire";

/** Counting the waiting batches ends here: more than this is too many anyway. */
export const ENOUGH_BATCHES = 20_000;

const ENQUEUE = functionCall("ingest_enqueue", {
  p_workspace: "uuid",
  p_agent: "uuid",
  p_credential: "uuid",
  p_inlet: "text",
  p_digest: "bytea",
  p_received: "timestamptz",
  p_id: "uuid[]",
  p_events: "int4[]",
  p_body: "text[]",
});

const Load = z.object({
  batches: z.number(),
  workspace_batches: z.number(),
  oldest_seconds: z.number(),
});

const Leased = z.object({
  id: z.uuid(),
  agent_id: AgentId,
  credential_id: CredentialId,
  received_at: z.date(),
  attempts: z.int(),
  body: z.string(),
});

/** Batches in a table of Postgres. A lease is a time in the future before which nobody takes the row. */
export const pgIngestQueue: IngestQueue = {
  async enqueue(workspaceId, batch) {
    const { rows } = await ingestPool.query<{ added: number }>(
      ENQUEUE.query({
        p_workspace: workspaceId,
        p_agent: batch.agentId,
        p_credential: batch.credentialId,
        p_inlet: batch.inlet,
        p_digest: Buffer.from(batch.digest, "hex"),
        p_received: batch.receivedAt.toISOString(),
        p_id: batch.parts.map(() => uuidv7()),
        p_events: batch.parts.map((part) => part.length),
        p_body: batch.parts.map((part) => JSON.stringify(part)),
      }),
    );
    return { duplicate: rows[0]?.added === 0 };
  },

  async load(workspaceId) {
    const { rows } = await ingestPool.query("SELECT * FROM ingest_load($1, $2)", [workspaceId, ENOUGH_BATCHES]);
    const { batches, workspace_batches, oldest_seconds } = Load.parse(rows[0]);
    return { batches, workspaceBatches: workspace_batches, oldestSeconds: oldest_seconds };
  },

  async waiting() {
    const { rows } = await ingestPool.query<{ id: string }>("SELECT id FROM ingest_waiting()");
    return rows.map(({ id }) => WorkspaceId.parse(id));
  },

  async lease(workspaceId, { take, leaseMs }) {
    const { rows } = await ingestTransaction(workspaceId, (client) =>
      client.query(
        `UPDATE ingest_inbox i
         SET attempts = i.attempts + 1, due_at = clock_timestamp() + $3 * interval '1 millisecond'
         FROM (
           SELECT id FROM ingest_inbox WHERE workspace_id = $1 AND due_at <= clock_timestamp()
           ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
         WHERE i.workspace_id = $1 AND i.id = due.id
         RETURNING i.id, i.agent_id, i.credential_id, i.received_at, i.attempts, i.body`,
        [workspaceId, take, leaseMs],
      ),
    );
    return Leased.array()
      .parse(rows)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(batchOf);
  },

  async settle(workspaceId, ids) {
    await ingestTransaction(workspaceId, (client) =>
      client.query("DELETE FROM ingest_inbox WHERE workspace_id = $1 AND id = ANY ($2::uuid[])", [workspaceId, ids]),
    );
  },

  async retry(workspaceId, id, { reason, afterMs }) {
    await ingestTransaction(workspaceId, (client) =>
      client.query(
        `UPDATE ingest_inbox SET last_error = $3, due_at = clock_timestamp() + $4 * interval '1 millisecond'
         WHERE workspace_id = $1 AND id = $2`,
        [workspaceId, id, reason, afterMs],
      ),
    );
  },

  async bury(workspaceId, id, reason) {
    await ingestTransaction(workspaceId, (client) =>
      client.query(
        `WITH gone AS (
           DELETE FROM ingest_inbox WHERE workspace_id = $1 AND id = $2
           RETURNING id, workspace_id, agent_id, credential_id, inlet, digest, part, events, body, attempts, received_at)
         INSERT INTO ingest_dead_letters
           (id, workspace_id, agent_id, credential_id, inlet, digest, part, events, body, attempts, reason, received_at)
         SELECT id, workspace_id, agent_id, credential_id, inlet, digest, part, events, body, attempts, $3, received_at
         FROM gone`,
        [workspaceId, id, reason],
      ),
    );
  },
};

/** What is stored passed the door's types, and the database keeps it as it is. */
function batchOf(row: z.infer<typeof Leased>): LeasedBatch {
  const sender = { agentId: row.agent_id, credentialId: row.credential_id };
  const receivedAt = row.received_at.toISOString();
  const admitted = JSON.parse(row.body) as readonly AdmittedEvent[];
  return {
    id: row.id,
    attempts: row.attempts,
    events: admitted.map((event) => ({ ...event, ...sender, receivedAt })),
  };
}
