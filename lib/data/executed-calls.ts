import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { timesOf } from "@/lib/core/traces/count-events";
import type { StoredEvent } from "@/lib/core/traces/stored-event";

import { ingestTransaction } from "./ingest-pool";
import { arrayOf } from "./wire";

/** Notes tool calls that were executed, to be joined to the decisions that allowed them. Noting one again changes nothing. */
export async function noteExecutedCalls(workspaceId: WorkspaceId, events: readonly StoredEvent[]): Promise<void> {
  const calls = events.filter(({ event }) => event.kind === "tool" && event.tool !== null);
  if (calls.length === 0) return;
  const bytes = (of: (stored: StoredEvent) => string | null) =>
    arrayOf(
      "bytea",
      calls.map((stored) => {
        const hex = of(stored);
        return hex === null ? null : Buffer.from(hex, "hex");
      }),
    );
  const texts = (of: (stored: StoredEvent) => string | null) => arrayOf("text", calls.map(of));
  await ingestTransaction(workspaceId, (client) =>
    client.query(
      `INSERT INTO executed_calls
         (workspace_id, trace_id, event_id, agent_id, tool, run, call_id, started_at, kept_at, in_window,
          claimed_decision, args_digest, parent_event_id)
       SELECT $1, u.trace, u.event, u.agent, u.tool, u.run, u.call_id, moment_of(u.started), clock_timestamp(),
         u.in_window, u.claimed, u.args, u.parent
       FROM unnest($2::bytea[], $3::bytea[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[],
           $9::boolean[], $10::text[], $11::bytea[], $12::bytea[])
         AS u (trace, event, agent, tool, run, call_id, started, in_window, claimed, args, parent)
       ON CONFLICT DO NOTHING`,
      [
        workspaceId,
        bytes(({ event }) => event.traceId),
        bytes(({ event }) => event.eventId),
        arrayOf(
          "uuid",
          calls.map(({ agentId }) => agentId),
        ),
        texts(({ event }) => event.tool?.name ?? ""),
        texts(({ event }) => event.runId),
        texts(({ event }) => event.tool?.callId ?? null),
        arrayOf(
          "int8",
          calls.map((stored) => timesOf(stored).started),
        ),
        arrayOf(
          "bool",
          calls.map(({ inWindow }) => inWindow),
        ),
        texts(({ event }) => event.decisionId),
        bytes(({ argsDigest }) => argsDigest),
        bytes(({ event }) => event.parentEventId),
      ],
    ),
  );
}
