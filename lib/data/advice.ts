import "server-only";

import { z } from "zod";

import { type AdviceFacts, AdviceFacts as Facts, Dismissal, StoredAdvice } from "@/lib/core/advice/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

/** A piece of advice to store. */
export type NewAdvice = {
  readonly id: string;
  readonly facts: AdviceFacts;
  readonly from: Date;
  readonly to: Date;
  readonly month_picos: string | null;
  readonly n: number;
};

/**
 * Puts what an evaluation found in the place of what the one before found. What is found again keeps when it was found
 * first. An evaluation that began before the last one changes nothing.
 */
export async function replaceAdvice(
  on: Db,
  workspaceId: WorkspaceId,
  advice: readonly NewAdvice[],
  at: Date,
): Promise<void> {
  const rows = advice.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await on.$executeRaw`
    WITH mark AS (
      INSERT INTO advice_marks AS m (workspace_id, evaluated_at) VALUES (${workspaceId}::uuid, ${at})
      ON CONFLICT (workspace_id) DO UPDATE SET evaluated_at = excluded.evaluated_at
        WHERE m.evaluated_at < excluded.evaluated_at
      RETURNING m.workspace_id),
    found AS (
      SELECT mark.workspace_id, f.* FROM mark CROSS JOIN jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS f (id text, facts jsonb, "from" timestamptz, "to" timestamptz, month_picos numeric, n bigint)),
    gone AS (
      DELETE FROM advice a USING mark
      WHERE a.workspace_id = mark.workspace_id AND NOT EXISTS (SELECT FROM found WHERE found.id = a.id))
    INSERT INTO advice (workspace_id, id, facts, from_at, to_at, month_picos, n, found_at)
    SELECT f.workspace_id, f.id, f.facts, f."from", f."to", f.month_picos, f.n, ${at} FROM found f
    ON CONFLICT (workspace_id, id) DO UPDATE SET facts = excluded.facts, from_at = excluded.from_at,
      to_at = excluded.to_at, month_picos = excluded.month_picos, n = excluded.n`;
}

/** When advice was last looked for; null before the first time. */
export async function findAdviceMark(on: Db, workspaceId: WorkspaceId): Promise<Date | null> {
  const rows = await on.$queryRaw<{ at: Date }[]>`
    SELECT evaluated_at AS at FROM advice_marks WHERE workspace_id = ${workspaceId}::uuid`;
  return rows[0]?.at ?? null;
}

const Row = z.object({
  id: z.string(),
  facts: Facts,
  from: z.date(),
  to: z.date(),
  month_picos: z.string().nullable(),
  n: z.int(),
  found_at: z.date(),
  dismissal: z.uuid().nullable(),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  at: z.date().nullable(),
  then_picos: z.string().nullable(),
  then_n: z.int().nullable(),
});

/** A workspace has some dozens; one that had more would be shown what is worth most. */
const MOST = 500;

/** What the last evaluation found, each with its dismissal in force. */
export function listAdvice(on: Db, workspaceId: WorkspaceId): Promise<readonly StoredAdvice[]> {
  return adviceWhere(on, workspaceId, Prisma.empty);
}

/** One piece of advice; null when the last evaluation found none of this id. */
export async function findAdvice(on: Db, workspaceId: WorkspaceId, id: string): Promise<StoredAdvice | null> {
  return (await adviceWhere(on, workspaceId, Prisma.sql`AND a.id = ${id}`))[0] ?? null;
}

async function adviceWhere(on: Db, workspaceId: WorkspaceId, and: Prisma.Sql): Promise<readonly StoredAdvice[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id, a.facts, a.from_at AS "from", a.to_at AS "to", a.month_picos::text, a.n::int, a.found_at,
      d.id AS dismissal, d.reason, m.name AS by, d.created_at AS at, d.month_picos::text AS then_picos, d.n::int AS then_n
    FROM advice a
    LEFT JOIN advice_dismissals d ON d.workspace_id = a.workspace_id AND d.advice_id = a.id AND d.ended_at IS NULL
    LEFT JOIN members m ON m.id = d.created_by
    WHERE a.workspace_id = ${workspaceId}::uuid ${and}
    ORDER BY a.month_picos DESC NULLS LAST, a.n DESC, a.id LIMIT ${MOST}`;
  return Row.array().parse(rows).map(adviceOf);
}

function adviceOf({ dismissal, reason, by, at, then_picos, then_n, ...advice }: z.infer<typeof Row>): StoredAdvice {
  const told = dismissal && { id: dismissal, reason, by, at, month_picos: then_picos, n: then_n };
  return StoredAdvice.parse({ ...advice, dismissal: told && Dismissal.parse(told) });
}

/** Keeps that somebody dismissed advice, in the place of a dismissal that no longer holds. */
export async function insertDismissal(
  tx: Tx,
  workspaceId: WorkspaceId,
  { id, advice, reason, by, at }: Dismissing & { readonly id: string; readonly reason: string },
): Promise<void> {
  await endDismissal(tx, workspaceId, { advice, by, at });
  await tx.$executeRaw`
    INSERT INTO advice_dismissals (id, workspace_id, advice_id, reason, month_picos, n, created_by, created_at)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${advice.id}, ${reason}, ${advice.month_picos}::numeric, ${advice.n},
      ${by}::uuid, ${at})`;
}

type Dismissing = { readonly advice: StoredAdvice; readonly by: MemberId; readonly at: Date };

/** Takes a dismissal out of force. @returns whether there was one */
export async function endDismissal(tx: Tx, workspaceId: WorkspaceId, { advice, by, at }: Dismissing): Promise<boolean> {
  const ended = await tx.$executeRaw`
    UPDATE advice_dismissals SET ended_by = ${by}::uuid, ended_at = ${at}
    WHERE workspace_id = ${workspaceId}::uuid AND advice_id = ${advice.id} AND ended_at IS NULL`;
  return ended > 0;
}
