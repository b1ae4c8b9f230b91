import "server-only";

import { z } from "zod";

import { Burst } from "@/lib/core/reviewers/burst";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

/** A person's burst that is not over; with `lock`, held until the transaction ends. */
export async function findOpenBurst(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<Burst | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, items, answers FROM calibration_bursts
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND finished_at IS NULL ${lock ? Prisma.sql`FOR UPDATE` : Prisma.empty}`;
  return rows[0] === undefined ? null : Burst.parse(rows[0]);
}

const LastRow = z.object({ id: z.uuid(), passed: z.boolean(), at: z.date() });

/** How a person's last burst ended. */
export async function findLastBurst(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
): Promise<z.infer<typeof LastRow> | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, passed, finished_at AS at FROM calibration_bursts
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1`;
  return rows[0] === undefined ? null : LastRow.parse(rows[0]);
}

export async function insertBurst(
  tx: Tx,
  workspaceId: WorkspaceId,
  burst: { readonly id: string; readonly memberId: MemberId; readonly items: Burst["items"]; readonly at: Date },
): Promise<boolean> {
  const count = await tx.$executeRaw`
    INSERT INTO calibration_bursts (id, workspace_id, member_id, items, started_at)
    VALUES (${burst.id}::uuid, ${workspaceId}::uuid, ${burst.memberId}::uuid, ${JSON.stringify(burst.items)}::jsonb, ${burst.at})
    ON CONFLICT (member_id) WHERE finished_at IS NULL DO NOTHING`;
  return count === 1;
}

/** Notes one more answer; `passed` ends the burst. */
export async function updateBurst(
  tx: Tx,
  workspaceId: WorkspaceId,
  burst: Burst,
  end: { readonly passed: boolean | null; readonly at: Date },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE calibration_bursts SET answers = ${JSON.stringify(burst.answers)}::jsonb, passed = ${end.passed},
      finished_at = ${end.passed === null ? null : end.at}::timestamptz
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${burst.id}::uuid AND finished_at IS NULL`;
}
