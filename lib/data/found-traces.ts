import "server-only";

import { z } from "zod";

import { CredentialScope } from "@/lib/core/agents/schema";
import { Verdict } from "@/lib/core/decisions/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { DeadLetter } from "@/lib/core/traces/dead-letter";
import type { SoughtDecision, ToCheck, WaitingBatch } from "@/lib/core/traces/found";
import type { Sought } from "@/lib/core/traces/sought";

import type { Db } from "./db";
import { ingestTransaction } from "./ingest-pool";

const TraceRow = z.object({
  trace_id: z.string(),
  agent: z.string(),
  run: z.string().nullable(),
  run_id: z.uuid().nullable(),
  events: z.coerce.number(),
  errors: z.coerce.number(),
  conflicts: z.coerce.number(),
  first_at: z.date(),
  received_at: z.date(),
});
export type TraceRow = z.infer<typeof TraceRow>;

/** Traces by id, latest first. */
export async function listTraceRows(
  on: Db,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<readonly TraceRow[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT encode(t.trace_id, 'hex') AS trace_id, a.handle AS agent, t.run, t.events, t.errors, t.conflicts, t.first_at,
      t.received_at,
      run_of_trace(t.workspace_id, t.agent_id, t.session, t.run) AS run_id
    FROM unnest(${[...ids]}::text[]) AS u (id)
    JOIN traces t ON t.workspace_id = ${workspaceId}::uuid AND t.trace_id = decode(u.id, 'hex')
    JOIN agents a ON a.workspace_id = t.workspace_id AND a.id = t.agent_id
    ORDER BY t.received_at DESC, t.trace_id`;
  return TraceRow.array().parse(rows);
}

/** The ids of the traces that have a run of this name, latest first. */
export async function listTracesOfRun(
  on: Db,
  workspaceId: WorkspaceId,
  run: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT encode(t.trace_id, 'hex') AS id FROM traces t
    WHERE t.workspace_id = ${workspaceId}::uuid AND t.run = ${run} ORDER BY t.received_at DESC LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/** The ids of the traces in which a call ran on this decision, or says so, and of the one it was asked for from. */
export async function listTracesOfDecision(
  on: Db,
  workspaceId: WorkspaceId,
  decision: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT encode(c.trace_id, 'hex') AS id FROM executed_calls c
    WHERE c.workspace_id = ${workspaceId}::uuid AND (c.decision_id = ${decision}::uuid OR c.claimed_decision = ${decision})
    UNION
    SELECT encode(d.trace_id, 'hex') FROM decisions d
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ${decision}::uuid AND d.trace_id IS NOT NULL
    LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

const SPAN_DAYS = 3;
const SEARCH_MS = 5_000;
/** Postgres' code for a statement that took too long. */
const CANCELLED = "57014";

/**
 * The ids of the traces that have a span of this id, of the last days. No index is kept for it, since every event would
 * pay for that.
 *
 * @returns null when there are too many events to look through
 */
export async function listTracesOfSpan(
  workspaceId: WorkspaceId,
  span: string,
  limit: number,
): Promise<readonly string[] | null> {
  try {
    return await ingestTransaction(workspaceId, async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${SEARCH_MS}`);
      const { rows } = await client.query<{ id: string }>(
        `SELECT DISTINCT encode(trace_id, 'hex') AS id FROM events
         WHERE workspace_id = $1 AND event_id = decode($2, 'hex')
           AND kept_at > clock_timestamp() - $3 * interval '1 day' LIMIT $4`,
        [workspaceId, span, SPAN_DAYS, limit],
      );
      return rows.map(({ id }) => id);
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === CANCELLED) return null;
    throw error;
  }
}

const CallRow = z.object({
  trace_id: z.string(),
  event_id: z.string(),
  agent_id: z.string(),
  tool: z.string(),
  decision_id: z.uuid().nullable(),
  looked_for: z.boolean(),
  claimed: z.string().nullable(),
  differs_from: z.uuid().nullable(),
  named_agent: z.string().nullable(),
  named_tool: z.string().nullable(),
  named_verdict: Verdict.nullable(),
  named_taken: z.boolean(),
});

/** The tool calls of traces in the order they ran, each with the decision that it names. */
export async function listCallsOfTraces(
  on: Db,
  workspaceId: WorkspaceId,
  traceIds: readonly string[],
  limit: number,
): Promise<readonly z.infer<typeof CallRow>[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT encode(c.trace_id, 'hex') AS trace_id, encode(c.event_id, 'hex') AS event_id, c.agent_id::text AS agent_id, c.tool,
      c.decision_id, c.joined_at IS NOT NULL AS looked_for, c.claimed_decision AS claimed, c.differs_from,
      d.agent_id::text AS named_agent, d.tool AS named_tool, d.verdict AS named_verdict,
      EXISTS (SELECT FROM executed_calls o WHERE o.workspace_id = c.workspace_id AND o.decision_id = d.id) AS named_taken
    FROM executed_calls c
    LEFT JOIN decisions d ON d.workspace_id = c.workspace_id
      -- Compared as an id, so that it is looked up and the decisions are not walked.
      AND d.id = CASE WHEN c.claimed_decision ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN c.claimed_decision::uuid END
    WHERE c.workspace_id = ${workspaceId}::uuid
      AND c.trace_id IN (SELECT decode(u, 'hex') FROM unnest(${[...traceIds]}::text[]) AS u)
    ORDER BY c.started_at, c.event_id LIMIT ${limit}`;
  return CallRow.array().parse(rows);
}

const DecisionRow = z.object({ decision_id: z.uuid(), agent: z.string(), tool: z.string(), verdict: Verdict });

const AskedRow = DecisionRow.extend({ trace_id: z.string() });

/** The decisions that agents say they asked for from these traces, oldest first. */
export async function listDecisionsFrom(
  on: Db,
  workspaceId: WorkspaceId,
  traceIds: readonly string[],
  limit: number,
): Promise<readonly z.infer<typeof AskedRow>[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT encode(d.trace_id, 'hex') AS trace_id, d.id AS decision_id, a.handle AS agent, d.tool, d.verdict
    FROM decisions d JOIN agents a ON a.workspace_id = d.workspace_id AND a.id = d.agent_id
    WHERE d.workspace_id = ${workspaceId}::uuid
      AND d.trace_id IN (SELECT decode(u, 'hex') FROM unnest(${[...traceIds]}::text[]) AS u)
    ORDER BY d.id LIMIT ${limit}`;
  return AskedRow.array().parse(rows);
}

/** The decision of an id; null when the workspace has none. */
export async function findSoughtDecision(on: Db, workspaceId: WorkspaceId, id: string): Promise<SoughtDecision | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id AS decision_id, a.handle AS agent, d.tool, d.verdict FROM decisions d
    JOIN agents a ON a.workspace_id = d.workspace_id AND a.id = d.agent_id
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ${id}::uuid`;
  return DecisionRow.array().parse(rows)[0] ?? null;
}

/** By which field of an event something is looked for. */
const FIELDS: Readonly<Record<Sought["kind"], string>> = {
  trace: "traceId",
  span: "eventId",
  decision: "decisionId",
  run: "runId",
};

/** The text that a body has where one of its events has this value: bodies are kept as `JSON.stringify` writes them. */
const needleOf = ({ kind, value }: Sought): string => `${JSON.stringify(FIELDS[kind])}:${JSON.stringify(value)}`;

const WaitingRow = z.object({
  id: z.uuid(),
  agent: z.string().nullable(),
  inlet: z.string(),
  events: z.int(),
  attempts: z.int(),
  received_at: z.date(),
  last_error: z.string().nullable(),
});

/** Batches with such an event that are not written yet, oldest first. */
export async function listWaitingWith(
  on: Db,
  workspaceId: WorkspaceId,
  sought: Sought,
  limit: number,
): Promise<readonly WaitingBatch[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT i.id, a.handle AS agent, i.inlet, i.events, i.attempts, i.received_at, i.last_error
    FROM ingest_inbox i LEFT JOIN agents a ON a.workspace_id = i.workspace_id AND a.id = i.agent_id
    WHERE i.workspace_id = ${workspaceId}::uuid AND strpos(i.body, ${needleOf(sought)}) > 0
    ORDER BY i.id LIMIT ${limit}`;
  return WaitingRow.array().parse(rows);
}

const DeadRow = z.object({
  id: z.uuid(),
  inlet: z.string(),
  events: z.int(),
  attempts: z.int(),
  reason: z.string(),
  received_at: z.date(),
  created_at: z.date(),
});

/** Batches with such an event that could not be written, newest first. One that was replayed waits or is written. */
export async function listDeadWith(
  on: Db,
  workspaceId: WorkspaceId,
  sought: Sought,
  limit: number,
): Promise<readonly DeadLetter[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id, d.inlet, d.events, d.attempts, d.reason, d.received_at, d.created_at FROM ingest_dead_letters d
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.replayed_at IS NULL AND strpos(d.body, ${needleOf(sought)}) > 0
    ORDER BY d.id DESC LIMIT ${limit}`;
  return DeadRow.array().parse(rows);
}

/** The last characters of keys, by their ids. */
export async function findKeyHints(
  on: Db,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await on.credential.findMany({
    where: { workspaceId, id: { in: [...ids] } },
    select: { id: true, hint: true },
  });
  return new Map(rows.map(({ id, hint }) => [id, hint]));
}

const LastRow = z.object({ agent: z.string(), producer: z.string(), received_at: z.date() });
const KeyRow = z.object({
  agent: z.string(),
  hint: z.string(),
  scopes: z.array(CredentialScope),
  last_received_at: z.date().nullable(),
});

/** What arrived last, and the keys that work and may send telemetry with when each last did. */
export async function findWhatToCheck(on: Db, workspaceId: WorkspaceId, limit: number): Promise<ToCheck> {
  const [last, keys] = await Promise.all([
    on.$queryRaw<unknown[]>`
      SELECT a.handle AS agent, f.producer, f.last_received_at AS received_at
      FROM feeds f JOIN agents a ON a.workspace_id = f.workspace_id AND a.id = f.agent_id
      WHERE f.workspace_id = ${workspaceId}::uuid ORDER BY f.last_received_at DESC LIMIT 1`,
    on.$queryRaw<unknown[]>`
      SELECT a.handle AS agent, c.hint, c.scopes, max(f.last_received_at) AS last_received_at
      FROM credentials c JOIN agents a ON a.workspace_id = c.workspace_id AND a.id = c.agent_id
      LEFT JOIN feeds f ON f.workspace_id = c.workspace_id AND f.agent_id = c.agent_id AND f.credential_id = c.id
      WHERE c.workspace_id = ${workspaceId}::uuid AND c.revoked_at IS NULL AND c.expires_at > clock_timestamp()
        AND 'ingest' = ANY (c.scopes)
      GROUP BY c.id, a.handle, c.hint, c.scopes
      ORDER BY max(f.last_received_at) DESC NULLS LAST, a.handle, c.id LIMIT ${limit}`,
  ]);
  return { last: LastRow.array().parse(last)[0] ?? null, keys: KeyRow.array().parse(keys) };
}
