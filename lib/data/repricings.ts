import "server-only";

import { z } from "zod";

import { ShownRepricing } from "@/lib/core/costs/reprice";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { usdOfPico } from "@/lib/core/shared/money";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

/** Begins a repricing. @returns false when another one is under way */
export async function insertRepricing(
  tx: Tx,
  workspaceId: WorkspaceId,
  { id, from, to, by }: { readonly id: string; readonly from: Date; readonly to: Date; readonly by: MemberId },
): Promise<boolean> {
  const count = await tx.$executeRaw`
    INSERT INTO repricings (id, workspace_id, from_at, to_at, created_by)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${from}, ${to}, ${by}::uuid)
    ON CONFLICT (workspace_id) WHERE finished_at IS NULL DO NOTHING`;
  return count === 1;
}

/** The id of the repricing that is under way; null for none. */
export async function findOpenRepricing(on: Db, workspaceId: WorkspaceId): Promise<string | null> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT id FROM repricings WHERE workspace_id = ${workspaceId}::uuid AND finished_at IS NULL`;
  return rows[0]?.id ?? null;
}

const COLUMNS = Prisma.sql`r.id, r.from_at AS "from", r.to_at AS "to",
  (SELECT m.name FROM members m WHERE m.id = r.created_by) AS by, r.created_at AS started_at, r.finished_at, r.looked_at,
  r.repriced, r.newly_priced, r.before_picos::text AS before_picos, r.after_picos::text AS after_picos`;

const Count = z.coerce.number().int();
const Row = ShownRepricing.omit({ before_usd: true, after_usd: true }).extend({
  looked_at: Count,
  repriced: Count,
  newly_priced: Count,
  before_picos: z.coerce.bigint(),
  after_picos: z.coerce.bigint(),
});

function repricingOf(row: unknown): ShownRepricing {
  const { before_picos: before, after_picos: after, ...rest } = Row.parse(row);
  return { ...rest, before_usd: usdOfPico(before), after_usd: usdOfPico(after) };
}

/** The latest repricings, newest first. */
export async function listRepricings(
  on: Db,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly ShownRepricing[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM repricings r WHERE r.workspace_id = ${workspaceId}::uuid ORDER BY r.id DESC LIMIT ${limit}`;
  return rows.map(repricingOf);
}

/** Ends a repricing that has looked at every event. @returns what it came to; null when it is not there, or ended before */
export async function finishRepricing(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<ShownRepricing | null> {
  const rows = await tx.$queryRaw<unknown[]>`
    UPDATE repricings r SET finished_at = clock_timestamp()
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.id = ${id}::uuid AND r.finished_at IS NULL AND r.scanned_at IS NOT NULL
    RETURNING ${COLUMNS}`;
  return rows[0] === undefined ? null : repricingOf(rows[0]);
}
