import "server-only";

import { z } from "zod";

import { BudgetInput, type Budget } from "@/lib/core/budgets/schema";
import { EnforcedBudget, StoredBudget } from "@/lib/core/budgets/shown";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

const Row = z.object({ content: z.record(z.string(), z.unknown()) }).loose();

/** The budgets in force with who set them, oldest first. */
export async function listBudgets(on: Db, workspaceId: WorkspaceId): Promise<readonly StoredBudget[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT b.id, b.content, m.name AS created_by, b.created_at,
      CASE b.content ->> 'scope'
        WHEN 'agent' THEN (SELECT a.handle FROM agents a WHERE a.workspace_id = b.workspace_id AND a.id::text = b.content ->> 'value')
        WHEN 'owner' THEN (SELECT o.name FROM members o WHERE o.workspace_id = b.workspace_id AND o.id::text = b.content ->> 'value')
        ELSE b.content ->> 'value' END AS label
    FROM spend_budgets b JOIN members m ON m.id = b.created_by
    WHERE b.workspace_id = ${workspaceId}::uuid AND b.removed_at IS NULL ORDER BY b.id`;
  return Row.array()
    .parse(rows)
    .map(({ content, ...rest }) => StoredBudget.parse({ ...content, ...rest }));
}

/** Stores a budget. */
export async function insertBudget(
  tx: Tx,
  workspaceId: WorkspaceId,
  { id, ...content }: Budget,
  by: MemberId,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO spend_budgets (id, workspace_id, content, created_by)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${JSON.stringify(content)}::jsonb, ${by}::uuid)`;
}

/** Takes a budget out of force. @returns what it was; null when there is no such budget in force */
export async function endBudget(tx: Tx, workspaceId: WorkspaceId, id: string, by: MemberId): Promise<Budget | null> {
  const rows = await tx.$queryRaw<unknown[]>`
    UPDATE spend_budgets SET removed_at = clock_timestamp(), removed_by = ${by}::uuid
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND removed_at IS NULL
    RETURNING content`;
  const row = Row.array().parse(rows)[0];
  return row === undefined ? null : { ...BudgetInput.parse(row.content), id };
}

/** The id of an agent by its handle, or of a member by e-mail address; null where there is none. */
export async function findBudgetSubject(
  on: Db,
  workspaceId: WorkspaceId,
  scope: "agent" | "owner",
  name: string,
): Promise<string | null> {
  const rows =
    scope === "agent"
      ? await on.$queryRaw<{ id: string }[]>`
          SELECT id::text AS id FROM agents WHERE workspace_id = ${workspaceId}::uuid AND handle = ${name}`
      : await on.$queryRaw<{ id: string }[]>`
          SELECT id::text AS id FROM members
          WHERE workspace_id = ${workspaceId}::uuid AND email = ${name.toLowerCase()}`;
  return rows[0]?.id ?? null;
}

/** The agents that a member answers for now. */
export async function listAgentsOf(on: Db, workspaceId: WorkspaceId, memberId: string): Promise<readonly string[]> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM agents WHERE workspace_id = ${workspaceId}::uuid AND dri_id::text = ${memberId}`;
  return rows.map(({ id }) => id);
}

/** Notes that people are told of a state of a budget's period. @returns whether they were not told before */
export async function noteBudgetState(
  tx: Tx,
  workspaceId: WorkspaceId,
  { budgetId, from, state }: { readonly budgetId: string; readonly from: Date; readonly state: "warned" | "over" },
): Promise<boolean> {
  const added = await tx.$executeRaw`
    INSERT INTO spend_budget_notices (workspace_id, budget_id, period_from, state)
    VALUES (${workspaceId}::uuid, ${budgetId}::uuid, ${from}, ${state}) ON CONFLICT DO NOTHING`;
  return added > 0;
}

/** Today's day budgets of manifests, which stop calls, those most used first. */
export async function listEnforcedBudgets(
  on: Db,
  workspaceId: WorkspaceId,
  today: string,
  limit: number,
): Promise<readonly EnforcedBudget[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.handle AS agent, b.metric, b.used::text AS used, b.reserved::text AS reserved, b.limit_amount::text AS amount,
      b.overrun::text AS overrun
    FROM agents a JOIN budgets b ON b.scope_id = a.id AND b.period = ${today}
    WHERE a.workspace_id = ${workspaceId}::uuid AND b.scope = 'agent'
    ORDER BY (b.used + b.reserved)::numeric / greatest(b.limit_amount, 1) DESC, a.handle, b.metric LIMIT ${limit}`;
  return EnforcedBudget.array().parse(rows);
}
