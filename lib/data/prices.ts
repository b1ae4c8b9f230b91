import "server-only";

import { z } from "zod";

import { PriceOverride, type PriceOverrideInput } from "@/lib/core/costs/schema";
import { ShownOverride } from "@/lib/core/costs/shown";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const Row = z.object({ content: z.record(z.string(), z.unknown()) }).loose();

/** A number that grows with each override that is added or removed, 0 before the first. */
export async function findPricesVersion(on: Db, workspaceId: WorkspaceId): Promise<number> {
  const rows = await on.$queryRaw<{ version: number }[]>`
    SELECT (count(*) + count(removed_at))::int AS version FROM price_overrides
    WHERE workspace_id = ${workspaceId}::uuid`;
  return rows[0]?.version ?? 0;
}

/** The overrides in force, oldest first. */
export async function listOverridesInForce(on: Db, workspaceId: WorkspaceId): Promise<readonly PriceOverride[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT o.id, o.content FROM price_overrides o
    WHERE o.workspace_id = ${workspaceId}::uuid AND o.removed_at IS NULL ORDER BY o.id`;
  return Row.array()
    .parse(rows)
    .map(({ content, id }) => PriceOverride.parse({ ...content, id }));
}

/** Overrides with who made and removed them: those in force, or the latest that are not. */
export async function listOverrides(
  on: Db,
  workspaceId: WorkspaceId,
  which: "in_force" | "earlier",
  limit: number,
): Promise<readonly ShownOverride[]> {
  const wanted =
    which === "in_force"
      ? Prisma.sql`o.removed_at IS NULL ORDER BY o.id DESC`
      : Prisma.sql`o.removed_at IS NOT NULL ORDER BY o.removed_at DESC, o.id DESC`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT o.id, o.content, c.name AS created_by, o.created_at, r.name AS removed_by, o.removed_at
    FROM price_overrides o JOIN members c ON c.id = o.created_by LEFT JOIN members r ON r.id = o.removed_by
    WHERE o.workspace_id = ${workspaceId}::uuid AND ${wanted} LIMIT ${limit}`;
  return Row.array()
    .parse(rows)
    .map(({ content, ...rest }) => ShownOverride.parse({ ...content, ...rest }));
}

/** Stores an override. */
export async function insertOverride(
  tx: Tx,
  workspaceId: WorkspaceId,
  { id, ...content }: PriceOverrideInput & { readonly id: string },
  by: MemberId,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO price_overrides (id, workspace_id, content, created_by)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${JSON.stringify(content)}::jsonb, ${by}::uuid)`;
}

/** Takes an override out of force. @returns what it was; null when there is no such override in force */
export async function endOverride(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  by: MemberId,
): Promise<PriceOverride | null> {
  const rows = await tx.$queryRaw<unknown[]>`
    UPDATE price_overrides SET removed_at = clock_timestamp(), removed_by = ${by}::uuid
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND removed_at IS NULL
    RETURNING id, content`;
  const row = Row.array().parse(rows)[0];
  return row === undefined ? null : PriceOverride.parse({ ...row.content, id: row["id"] });
}
