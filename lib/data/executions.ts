import "server-only";

import { z } from "zod";

import { type ExecutionState, UnknownExecution } from "@/lib/core/decisions/execution";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { Reversibility } from "@/lib/core/tools/schema";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const OverdueRow = z.object({
  decision_id: z.uuid(),
  state: z.enum(["granted", "dispatching"]),
  run_id: z.uuid().nullable(),
  agent_id: z.uuid().nullable(),
  agent: z.string().nullable(),
  tool: z.string().nullable(),
  reversibility: Reversibility.nullable(),
});

/** An allowed call whose outcome is overdue; what it was is null once its decision has been forgotten. */
export type OverdueExecution = z.infer<typeof OverdueRow>;

/**
 * Allowed calls whose outcome is overdue, the oldest first. Whoever settles one looks again under its run's lock.
 *
 * Overdue is later than the workspace's time and than the wall clock of the manifest the call was decided by. The class
 * is the catalogue's, or irreversible where that manifest says so.
 */
export async function listOverdueExecutions(
  on: Db,
  workspaceId: WorkspaceId,
  { dueMinutes, limit }: { readonly dueMinutes: number; readonly limit: number },
): Promise<readonly OverdueExecution[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT e.decision_id, e.state, d.run_id, d.agent_id, g.handle AS agent, d.tool,
           CASE WHEN m.content -> 'tools' -> 'allowed' @> jsonb_build_array(jsonb_build_object('name', d.tool, 'reversibility', 'irreversible'))
             THEN 'irreversible' ELSE t.reversibility END AS reversibility
    FROM executions e
    LEFT JOIN decisions d ON d.id = e.decision_id
    LEFT JOIN agents g ON g.id = d.agent_id
    LEFT JOIN manifests m ON m.agent_id = d.agent_id AND m.version = d.manifest_version
    LEFT JOIN tools t ON t.workspace_id = e.workspace_id AND t.name = d.tool
    WHERE e.workspace_id = ${workspaceId}::uuid AND e.state IN ('granted', 'dispatching')
      AND e.created_at < clock_timestamp() - make_interval(mins => ${dueMinutes}::int)
      AND e.created_at < clock_timestamp() - make_interval(secs => coalesce((m.content -> 'execution' ->> 'max_wall_clock_seconds')::float8, 0))
    ORDER BY e.created_at LIMIT ${limit}`;
  return OverdueRow.array().parse(rows);
}

/**
 * Says of an overdue call that nobody knows, without settling it: for one whose decision and run are forgotten.
 *
 * @returns false when it is known meanwhile
 */
export async function setOverdue(
  tx: Tx,
  workspaceId: WorkspaceId,
  decisionId: string,
  state: Extract<ExecutionState, "unknown" | "unreported">,
): Promise<boolean> {
  const open = { workspaceId, decisionId, state: { in: ["granted", "dispatching"] } };
  return (await tx.execution.updateMany({ where: open, data: { state } })).count === 1;
}

const OPEN = Prisma.sql`e.state = 'unknown' AND NOT EXISTS (SELECT FROM execution_answers x WHERE x.decision_id = e.decision_id)`;

/** Calls of which nobody knows whether they ran and nobody has said so, the oldest first. */
export async function listUnknownExecutions(
  on: Db,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly UnknownExecution[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT e.decision_id, g.handle AS agent, g.demo, d.tool, d.run_id, r.external_id AS run, d.step, e.created_at AS allowed_at
    FROM executions e JOIN decisions d ON d.id = e.decision_id JOIN agents g ON g.id = d.agent_id JOIN runs r ON r.id = d.run_id
    WHERE e.workspace_id = ${workspaceId}::uuid AND ${OPEN} ORDER BY e.created_at LIMIT ${limit}`;
  return UnknownExecution.array().parse(rows);
}

/** How many of them there are. */
export async function countUnknownExecutions(on: Db, workspaceId: WorkspaceId): Promise<number> {
  const rows = await on.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM executions e WHERE e.workspace_id = ${workspaceId}::uuid AND ${OPEN}`;
  return rows[0]?.n ?? 0;
}

/** The state of an execution, its row locked; null when there is none. */
export async function claimExecution(tx: Tx, workspaceId: WorkspaceId, decisionId: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ state: string }[]>`
    SELECT state FROM executions WHERE workspace_id = ${workspaceId}::uuid AND decision_id = ${decisionId}::uuid FOR UPDATE`;
  return rows[0]?.state ?? null;
}

type NewAnswer = {
  readonly decisionId: string;
  readonly ran: boolean;
  readonly note: string;
  readonly by: MemberId;
};

/** @returns false when somebody has answered already; the first answer stands */
export async function insertExecutionAnswer(tx: Tx, workspaceId: WorkspaceId, answer: NewAnswer): Promise<boolean> {
  const { decisionId, ran, note, by } = answer;
  const count = await tx.$executeRaw`
    INSERT INTO execution_answers (decision_id, workspace_id, ran, note, member_id, created_at)
    VALUES (${decisionId}::uuid, ${workspaceId}::uuid, ${ran}, ${note}, ${by}::uuid, clock_timestamp())
    ON CONFLICT (decision_id) DO NOTHING`;
  return count === 1;
}
