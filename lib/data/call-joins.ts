import "server-only";

import { z } from "zod";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { Json } from "@/lib/core/shared/json";
import { type DecidedCall, type ExecutedCall, type Join, JOIN_WINDOW } from "@/lib/core/traces/join";

import type { Db } from "./db";

const Call = z.object({
  key: z.string(),
  traceId: z.string(),
  eventId: z.string(),
  parentEventId: z.string().nullable(),
  agentId: z.string(),
  tool: z.string(),
  run: z.string().nullable(),
  callId: z.string().nullable(),
  argsDigest: z.string().nullable(),
  claimedDecision: z.string().nullable(),
  startedAt: z.date(),
});

/** Executed calls for which no decision was looked for yet, the oldest first. The key is the trace and the event. */
export async function listUnjoinedCalls(
  on: Db,
  workspaceId: WorkspaceId,
  take: number,
): Promise<readonly ExecutedCall[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT encode(trace_id, 'hex') || '/' || encode(event_id, 'hex') AS key, encode(trace_id, 'hex') AS "traceId",
      encode(event_id, 'hex') AS "eventId", encode(parent_event_id, 'hex') AS "parentEventId", agent_id::text AS "agentId", tool, run,
      call_id AS "callId", encode(args_digest, 'hex') AS "argsDigest", claimed_decision AS "claimedDecision",
      started_at AS "startedAt"
    FROM executed_calls WHERE workspace_id = ${workspaceId}::uuid AND joined_at IS NULL
    ORDER BY created_at, trace_id, event_id LIMIT ${take}`;
  return Call.array().parse(rows);
}

/** A decision with its arguments, which are digested before they are compared. */
export type DecisionOfCall = Omit<DecidedCall, "argsDigest"> & { readonly args: Json | null };

/** The decisions that may have allowed these calls: those they name, and those of their agents and tools around their time. */
export async function listDecisionsOf(
  on: Db,
  workspaceId: WorkspaceId,
  calls: readonly ExecutedCall[],
): Promise<readonly DecisionOfCall[]> {
  const named = calls.flatMap(({ claimedDecision }) =>
    claimedDecision !== null && z.uuid().safeParse(claimedDecision).success ? [claimedDecision] : [],
  );
  const agents = calls.map(({ agentId }) => agentId);
  const tools = calls.map(({ tool }) => tool);
  const starts = calls.map(({ startedAt }) => startedAt);
  return on.$queryRaw<DecisionOfCall[]>`
    WITH wanted AS (
      SELECT id FROM decisions WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${named}::uuid[])
      UNION
      SELECT d.id FROM unnest(${agents}::uuid[], ${tools}::text[], ${starts}::timestamptz[]) AS u (agent, tool, started)
      JOIN decisions d ON d.workspace_id = ${workspaceId}::uuid AND d.agent_id = u.agent AND d.tool = u.tool
        AND d.id >= uuid_at(u.started - ${JOIN_WINDOW.beforeMs}::int * interval '1 millisecond')
        AND d.id < uuid_at(u.started + ${JOIN_WINDOW.skewMs}::int * interval '1 millisecond'))
    SELECT d.id::text AS "decisionId", d.agent_id::text AS "agentId", d.tool, r.external_id AS run, d.call_id AS "callId",
      d.call -> 'args' AS args, d.created_at AS "decidedAt",
      CASE WHEN d.trace_id IS NOT NULL
        THEN json_build_object('traceId', encode(d.trace_id, 'hex'), 'spanId', encode(d.parent_span_id, 'hex')) END AS trace,
      EXISTS (SELECT FROM executed_calls e WHERE e.workspace_id = d.workspace_id AND e.decision_id = d.id) AS "isTaken"
    FROM wanted w JOIN decisions d ON d.id = w.id JOIN runs r ON r.id = d.run_id
    WHERE d.verdict = 'allow' ORDER BY d.id`;
}

/** Notes what was found for each call. What was found before stays. */
export async function setJoins(on: Db, workspaceId: WorkspaceId, joins: readonly Join[]): Promise<void> {
  const keys = joins.map(({ key }) => key.split("/"));
  await on.$executeRaw`
    UPDATE executed_calls e SET joined_at = clock_timestamp(), decision_id = u.decision, joined_by = u.joined_by,
      differs_from = u.differs
    FROM unnest(${keys.map(([trace = ""]) => trace)}::text[], ${keys.map(([, event = ""]) => event)}::text[],
      ${joins.map(({ decisionId }) => decisionId)}::uuid[], ${joins.map(({ joinedBy }) => joinedBy)}::text[],
      ${joins.map(({ differsFrom }) => differsFrom)}::uuid[])
      AS u (trace, event, decision, joined_by, differs)
    WHERE e.workspace_id = ${workspaceId}::uuid AND e.trace_id = decode(u.trace, 'hex')
      AND e.event_id = decode(u.event, 'hex') AND e.joined_at IS NULL`;
}

/** How many calls of each agent were executed since then, and how many of those met a decision. */
export async function countGovernedCalls(
  on: Db,
  workspaceId: WorkspaceId,
  since: Date,
): Promise<readonly { readonly agentId: string; readonly executed: number; readonly governed: number }[]> {
  return on.$queryRaw`
    SELECT agent_id::text AS "agentId", count(*)::int AS executed, count(decision_id)::int AS governed
    FROM executed_calls
    WHERE workspace_id = ${workspaceId}::uuid AND started_at >= ${since} AND in_window AND joined_at IS NOT NULL
    GROUP BY agent_id ORDER BY agent_id`;
}
