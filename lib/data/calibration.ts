import "server-only";

import { z } from "zod";

import { MemberId, type WorkspaceId } from "@/lib/core/shared/brand";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import type { VoteVerdict } from "@/lib/core/approvals/schema";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

/** A condition on `approvals a`: what may be listed. An item is shown while it waits, as any request is, and never after. */
export const LISTED = Prisma.sql`(a.executor = 'agent' OR (a.state = 'waiting' AND a.expires_at > clock_timestamp()))`;

/**
 * The digest of the action as people read it. An item stores another one, which no call has: whatever an agent asks for,
 * it never joins, repeats or consumes an item.
 */
export const SHOWN_DIGEST = Prisma.sql`CASE a.executor WHEN 'none' THEN a.display ->> 'action_digest' ELSE a.action_digest END`;

const Plain = z.custom<JsonObject>((value) => isJsonObject(value as Json), "must be an object"); // a guard takes anything
const AnyJson = z.custom<Json>((value) => value !== undefined);

const StateRow = z.object({
  paused: z.boolean(),
  waiting: z.int(),
  reviewed: z.int(),
  salt: z.instanceof(Uint8Array).nullable(),
  now: z.date(),
});

/** What decides whether another item is due: whether people have better to do, what waits, how much was reviewed since the last. */
export async function findCalibrationState(tx: Tx, workspaceId: WorkspaceId): Promise<z.infer<typeof StateRow>> {
  const rows = await tx.$queryRaw<unknown[]>`
    WITH last AS (SELECT approval_id, salt FROM calibration_items WHERE workspace_id = ${workspaceId}::uuid ORDER BY approval_id DESC LIMIT 1)
    SELECT (SELECT stopped FROM workspace_controls WHERE workspace_id = ${workspaceId}::uuid)
             OR EXISTS (SELECT FROM incidents WHERE workspace_id = ${workspaceId}::uuid AND state = 'open' AND opened_by IS NOT NULL) AS paused,
           (SELECT count(*)::int FROM calibration_items WHERE workspace_id = ${workspaceId}::uuid AND closed_at IS NULL) AS waiting,
           (SELECT count(*)::int FROM votes WHERE workspace_id = ${workspaceId}::uuid
              AND id > coalesce((SELECT approval_id FROM last), '00000000-0000-0000-0000-000000000000'::uuid)) AS reviewed,
           (SELECT salt FROM last) AS salt, clock_timestamp() AS now`;
  return StateRow.parse(rows[0]);
}

const SourceRow = z.object({
  id: z.uuid(),
  agentId: z.uuid(),
  agent: z.string(),
  task: z.string(),
  driId: z.uuid(),
  driName: z.string(),
  driEmail: z.string(),
  runId: z.uuid(),
  decisionId: z.uuid(),
  tool: z.string(),
  session: z.string(),
  run: z.string(),
  createdAt: z.date(),
  display: Plain,
});
/** A past request that people refused, or wished they had, with its agent as it is now. */
export type Source = z.infer<typeof SourceRow>;

type SourceFilter = {
  readonly olderThanDays: number;
  readonly limit?: number;
  /** Those that were right instead: approved, run, and never regretted. */
  readonly good?: boolean;
  /** For the practice of this person: any that others decided, whether or not one was made into an item lately. */
  readonly forBurstOf?: MemberId;
};

/**
 * Requests that could be asked again today as they were: people refused them or regretted them, the agent works under
 * the same manifest, level and tool, nothing of them is erased. In no order; at most ten.
 */
export async function listSources(
  on: Db,
  workspaceId: WorkspaceId,
  { olderThanDays, limit = 10, good = false, forBurstOf }: SourceFilter,
): Promise<readonly Source[]> {
  const bad = Prisma.sql`((a.state IN ('denied', 'returned') AND EXISTS (SELECT FROM votes v WHERE v.approval_id = a.id AND v.verdict <> 'approve'))
    OR EXISTS (SELECT FROM regrets r WHERE r.decision_id = a.consumed_by))`;
  const right = Prisma.sql`(a.state = 'consumed' AND NOT EXISTS (SELECT FROM regrets r WHERE r.decision_id = a.consumed_by)
    AND EXISTS (SELECT FROM outcomes o WHERE o.decision_id = a.consumed_by AND o.outcome = 'success'))`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id, a.agent_id AS "agentId", g.handle AS agent, g.task, g.dri_id AS "driId", m.name AS "driName", m.email AS "driEmail",
           a.run_id AS "runId", a.decision_id AS "decisionId", a.tool, s.external_id AS session, r.external_id AS run,
           a.created_at AS "createdAt", a.display
    FROM approvals a JOIN agents g ON g.id = a.agent_id JOIN members m ON m.id = g.dri_id
    JOIN decisions d ON d.id = a.decision_id JOIN sessions s ON s.id = a.session_id JOIN runs r ON r.id = a.run_id
    JOIN tools t ON t.workspace_id = a.workspace_id AND t.name = a.tool
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.executor = 'agent' AND ${good ? right : bad}
      AND a.created_at <= clock_timestamp() - make_interval(days => ${olderThanDays})
      AND g.status = 'active' AND g.manifest_version = a.manifest_version AND t.hash = d.tool_hash
      AND (a.display -> 'agent' ->> 'level')::int = g.level AND a.display -> 'agent' ->> 'environment' = g.environment
      AND NOT EXISTS (SELECT FROM stops x WHERE x.scope = 'agent' AND x.target_id = g.id AND x.resumed_at IS NULL)
      AND NOT EXISTS (SELECT FROM decisions e WHERE e.run_id = a.run_id AND e.id < d.id AND e.approval_id IS NOT NULL)
      AND NOT EXISTS (SELECT FROM payload_erasures p JOIN decisions e ON e.id = p.decision_id WHERE e.run_id = a.run_id)
      AND ${
        forBurstOf === undefined
          ? Prisma.sql`NOT EXISTS (SELECT FROM calibration_items i WHERE i.source_id = a.id AND i.created_at > clock_timestamp() - interval '30 days')`
          : Prisma.sql`NOT EXISTS (SELECT FROM votes v WHERE v.approval_id = a.id AND v.member_id = ${forBurstOf}::uuid)`
      }
    ORDER BY random() LIMIT ${limit}`;
  return SourceRow.array().parse(rows);
}

const StepRow = z.object({
  id: z.uuid(),
  credential_id: z.uuid().nullable(),
  call_id: z.string(),
  step: z.int(),
  tool: z.string(),
  tool_hash: z.string(),
  call: Plain,
  verdict: z.string(),
  rule: z.string().nullable(),
  reasons: AnyJson,
  checks: AnyJson,
  risk: AnyJson,
  facts: Plain,
  manifest_version: z.int().nullable(),
  manifest_hash: z.string().nullable(),
  reserved_micros: z.bigint(),
  remaining: AnyJson,
  created_at: z.date(),
  guardrail_version: z.int().nullable(),
  guardrail_hash: z.string().nullable(),
});
/** A step of a past run, as it was decided. */
export type SourceStep = z.infer<typeof StepRow>;

/** The steps of a run up to one of its decisions, in order. */
export async function listSourceSteps(
  on: Db,
  workspaceId: WorkspaceId,
  source: Pick<Source, "runId" | "decisionId">,
): Promise<readonly SourceStep[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, credential_id, call_id, step, tool, tool_hash, call, verdict, rule, reasons, checks, risk, facts, manifest_version,
           manifest_hash, reserved_micros, remaining, created_at, guardrail_version, guardrail_hash
    FROM decisions WHERE workspace_id = ${workspaceId}::uuid AND run_id = ${source.runId}::uuid AND id <= ${source.decisionId}::uuid
    ORDER BY id LIMIT 1000`;
  return StepRow.array().parse(rows);
}

const WaitingRow = z.object({ source_id: z.uuid(), salt: z.instanceof(Uint8Array), open: z.boolean() });
/** The item behind a request; null for a request that is real. */
export type CalibrationItem = z.infer<typeof WaitingRow>;

export async function findCalibrationItem(
  on: Db,
  workspaceId: WorkspaceId,
  approvalId: string,
): Promise<CalibrationItem | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT source_id, salt, closed_at IS NULL AS open FROM calibration_items
    WHERE workspace_id = ${workspaceId}::uuid AND approval_id = ${approvalId}::uuid`;
  return rows[0] === undefined ? null : WaitingRow.parse(rows[0]);
}

/** What a reviewer answered, and so what became of the item. */
export type CalibrationAnswer = {
  readonly memberId: MemberId;
  readonly verdict: VoteVerdict;
  readonly result: "caught" | "missed";
};

/** Ends an item, with an answer or without one, and forgets the run it showed. The caller holds the request's lock. */
export async function closeCalibrationItem(
  tx: Tx,
  workspaceId: WorkspaceId,
  approvalId: string,
  end: { readonly at: Date; readonly answer: CalibrationAnswer | null },
): Promise<void> {
  const { at, answer } = end;
  // Nothing is ever approved here: what was let through ends as withdrawn.
  const state =
    answer === null || answer.verdict === "approve" ? "withdrawn" : answer.verdict === "deny" ? "denied" : "returned";
  await tx.$executeRaw`
    UPDATE approvals SET state = CASE state WHEN 'waiting' THEN ${state} ELSE state END, settled_at = coalesce(settled_at, ${at})
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${approvalId}::uuid AND executor = 'none'`;
  const count = await tx.$executeRaw`
    UPDATE calibration_items SET closed_at = ${at}, member_id = ${answer?.memberId ?? null}::uuid, verdict = ${answer?.verdict ?? null},
      result = ${answer?.result ?? null}
    WHERE workspace_id = ${workspaceId}::uuid AND approval_id = ${approvalId}::uuid AND closed_at IS NULL`;
  if (count !== 1) throw new Error(`item ${approvalId} changed under its lock`);
  await tx.$executeRaw`DELETE FROM stand_in_decisions WHERE workspace_id = ${workspaceId}::uuid AND item_id = ${approvalId}::uuid`;
  await tx.$executeRaw`DELETE FROM stand_in_runs WHERE workspace_id = ${workspaceId}::uuid AND item_id = ${approvalId}::uuid`;
}

const OpenRow = z.object({
  id: z.uuid(),
  source_id: z.uuid(),
  salt: z.instanceof(Uint8Array),
  waits: z.boolean(),
  state: z.string(),
});

/** Items nobody has answered, locked; those somebody answers this moment are left out. `waits` is false once they are over. */
export async function lockOpenItems(tx: Tx, workspaceId: WorkspaceId): Promise<readonly z.infer<typeof OpenRow>[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT a.id, i.source_id, i.salt, a.state, a.state = 'waiting' AND a.expires_at > clock_timestamp() AS waits
    FROM calibration_items i JOIN approvals a ON a.id = i.approval_id
    WHERE i.workspace_id = ${workspaceId}::uuid AND i.closed_at IS NULL FOR UPDATE OF a SKIP LOCKED`;
  return OpenRow.array().parse(rows);
}

const ResultRow = z.object({
  memberId: MemberId.nullable(),
  verdict: z.enum(["approve", "deny", "return"]).nullable(),
  result: z.enum(["caught", "missed"]).nullable(),
  open: z.boolean(),
  erased: z.boolean(),
  sourceId: z.uuid(),
  sourceState: z.string(),
  sourceAt: z.date(),
  sourceNote: z.string().nullable(),
  regretCause: z.string().nullable(),
  regretNote: z.string().nullable(),
  agent: z.string(),
  display: AnyJson,
});
/** An item with what is told about it once it is over. */
export type CalibrationRecord = z.infer<typeof ResultRow>;

export async function findCalibrationRecord(
  on: Db,
  workspaceId: WorkspaceId,
  approvalId: string,
): Promise<CalibrationRecord | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT i.member_id AS "memberId", i.verdict, i.result, i.closed_at IS NULL AS open, a.display ? 'erased' AS erased, s.id AS "sourceId",
           s.state AS "sourceState", s.created_at AS "sourceAt", s.note AS "sourceNote", r.cause AS "regretCause", r.note AS "regretNote",
           g.handle AS agent, s.display
    FROM calibration_items i JOIN approvals a ON a.id = i.approval_id JOIN approvals s ON s.id = i.source_id
    JOIN agents g ON g.id = s.agent_id LEFT JOIN regrets r ON r.decision_id = s.consumed_by
    WHERE i.workspace_id = ${workspaceId}::uuid AND i.approval_id = ${approvalId}::uuid`;
  return rows[0] === undefined ? null : ResultRow.parse(rows[0]);
}

const PastRow = z.object({
  state: z.string(),
  note: z.string().nullable(),
  regretCause: z.string().nullable(),
  regretNote: z.string().nullable(),
  createdAt: z.date(),
  display: AnyJson,
});

/** How a past request ended and what was shown of it. */
export async function findSourceRecord(
  on: Db,
  workspaceId: WorkspaceId,
  approvalId: string,
): Promise<z.infer<typeof PastRow> | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.state, a.note, r.cause AS "regretCause", r.note AS "regretNote", a.created_at AS "createdAt", a.display
    FROM approvals a LEFT JOIN regrets r ON r.decision_id = a.consumed_by
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${approvalId}::uuid AND a.executor = 'agent'`;
  return rows[0] === undefined ? null : PastRow.parse(rows[0]);
}

/** How the last twenty items of a person ended since the last burst they passed, latest first. */
export async function listRecentResults(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
): Promise<readonly ("caught" | "missed")[]> {
  const rows = await on.$queryRaw<{ result: "caught" | "missed" }[]>`
    SELECT i.result FROM calibration_items i
    WHERE i.workspace_id = ${workspaceId}::uuid AND i.member_id = ${memberId}::uuid AND i.result IS NOT NULL
      AND i.closed_at > coalesce((SELECT max(b.finished_at) FROM calibration_bursts b
        WHERE b.workspace_id = ${workspaceId}::uuid AND b.member_id = ${memberId}::uuid AND b.passed), '-infinity')
    ORDER BY i.closed_at DESC LIMIT 20`;
  return rows.map(({ result }) => result);
}

/** Makes a waiting request take two people; false when it already does. */
export async function raiseQuorum(tx: Tx, workspaceId: WorkspaceId, approvalId: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE approvals SET quorum = 2 WHERE workspace_id = ${workspaceId}::uuid AND id = ${approvalId}::uuid AND state = 'waiting' AND quorum < 2`;
  return count === 1;
}
