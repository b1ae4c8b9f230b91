import "server-only";

import { z } from "zod";

import type { SpendMark } from "@/lib/core/alerts/burn";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";

const DayBudget = z.object({ agent_id: z.uuid(), cap: z.number(), spent: z.number() });

/** How much of its daily cap an agent has used or holds, in millionths of a dollar. */
export type DayBudget = { readonly agentId: string; readonly cap: number; readonly spent: number };

/** The daily caps that deciding enforces today, with what is gone of them. */
export async function listDayBudgets(on: Db, workspaceId: WorkspaceId, day: string): Promise<readonly DayBudget[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT g.id AS agent_id, b.limit_amount::float8 AS cap, (b.used + b.reserved + b.overrun)::float8 AS spent
    FROM agents g JOIN budgets b ON b.scope_id = g.id AND b.metric = 'cost_micros' AND b.period = ${day} AND b.scope = 'agent'
    WHERE g.workspace_id = ${workspaceId}::uuid AND g.status = 'active'`;
  return DayBudget.array()
    .parse(rows)
    .map(({ agent_id: agentId, ...row }) => ({ agentId, ...row }));
}

/** Notes how much is gone of each cap, and forgets what no window reaches any more. */
export async function noteBudgets(
  on: Db,
  workspaceId: WorkspaceId,
  { day, at, budgets }: { readonly day: string; readonly at: Date; readonly budgets: readonly DayBudget[] },
): Promise<void> {
  const rows = budgets.map(({ agentId, spent }) => ({ agent: agentId, spent: Math.round(spent) }));
  await on.$executeRaw`
    INSERT INTO budget_marks (workspace_id, agent_id, at, period, spent_micros)
    SELECT ${workspaceId}::uuid, i.agent, ${at}, ${day}, i.spent
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS i (agent uuid, spent bigint) ON CONFLICT DO NOTHING`;
  await on.$executeRaw`
    DELETE FROM budget_marks WHERE workspace_id = ${workspaceId}::uuid AND at < ${at}::timestamptz - interval '2 days'`;
}

const Mark = z.object({ agent_id: z.uuid(), at: z.date(), spent: z.number() });

/** What was noted of a day's caps, oldest first, by agent. */
export async function listBudgetMarks(
  on: Db,
  workspaceId: WorkspaceId,
  day: string,
): Promise<ReadonlyMap<string, readonly SpendMark[]>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT agent_id, at, spent_micros::float8 AS spent FROM budget_marks
    WHERE workspace_id = ${workspaceId}::uuid AND period = ${day} ORDER BY at`;
  const marks = new Map<string, SpendMark[]>();
  for (const { agent_id, at, spent } of Mark.array().parse(rows)) {
    const own = marks.get(agent_id) ?? [];
    own.push({ at, spent });
    marks.set(agent_id, own);
  }
  return marks;
}
