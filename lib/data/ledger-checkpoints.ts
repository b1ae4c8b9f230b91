import "server-only";

import { z } from "zod";

import { CheckpointItem } from "@/lib/core/ledger/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import { type Db, transact } from "./db";
import { Prisma } from "./generated/client";
import { type StoredKey, findActiveKey } from "./ledger-keys";
import { lockLedger } from "./ledger-leaves";

const Due = z.object({ size: z.bigint(), root_hash: z.string(), at: z.date(), regressed: z.boolean() });

/** A head nobody signed yet. `at` is the database's time, or the last checkpoint's if that is later. */
export type UnsignedHead = {
  readonly size: bigint;
  readonly root: string;
  readonly at: Date;
  readonly regressed: boolean;
};

/** `signed` and `current` are well; `unsigned` means that there is a head and no key that can be used. */
export type Signing = { readonly state: "signed" | "current" | "unsigned"; readonly regressed: boolean };

/**
 * Signs the head as it stands, unless its size was signed before: one root a size, kept by the primary key.
 *
 * @param note makes the signed note, or null when the key cannot be used
 */
export function signLedgerHead(
  on: Db,
  workspaceId: WorkspaceId,
  note: (key: StoredKey, head: UnsignedHead) => string | null,
): Promise<Signing> {
  return transact(on, async (tx) => {
    if (!(await lockLedger(tx, workspaceId))) return { state: "current", regressed: false };
    const rows = await tx.$queryRaw<unknown[]>`
      SELECT h.size, h.root_hash, greatest(date_trunc('milliseconds', clock_timestamp()), last.at) AS at,
             coalesce(last.at > clock_timestamp() + interval '1 second', false) AS regressed
      FROM ledger_heads h
      LEFT JOIN LATERAL (
        SELECT c.size, c.at FROM ledger_checkpoints c WHERE c.workspace_id = h.workspace_id ORDER BY c.size DESC LIMIT 1) last ON true
      WHERE h.workspace_id = ${workspaceId}::uuid AND h.size > coalesce(last.size, 0)`;
    if (rows[0] === undefined) return { state: "current", regressed: false };
    const { size, root_hash: root, at, regressed } = Due.parse(rows[0]);
    const key = await findActiveKey(tx, workspaceId);
    const signed = key && note(key, { size, root, at, regressed });
    if (!key || signed === null) return { state: "unsigned", regressed };
    await tx.$executeRaw`
      INSERT INTO ledger_checkpoints (workspace_id, size, root_hash, note, key_id, at, clock_regressed)
      VALUES (${workspaceId}::uuid, ${size}, ${root}, ${signed}, ${key.id}::uuid, ${at}, ${regressed})`;
    return { state: "signed", regressed };
  });
}

/** Checkpoints by size, latest first: before `before`, or from `from` on when `ascending`. */
export async function listCheckpointItems(
  on: Db,
  workspaceId: WorkspaceId,
  range: { readonly below?: bigint | undefined; readonly above?: bigint | undefined; readonly take: number },
): Promise<readonly CheckpointItem[]> {
  const below = range.below === undefined ? Prisma.empty : Prisma.sql`AND size < ${range.below}`;
  const above = range.above === undefined ? Prisma.empty : Prisma.sql`AND size > ${range.above}`;
  const order = range.above === undefined ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT size, root_hash, note, at, clock_regressed FROM ledger_checkpoints
    WHERE workspace_id = ${workspaceId}::uuid ${below} ${above} ORDER BY size ${order} LIMIT ${range.take}`;
  return CheckpointItem.array().parse(rows);
}

/** The checkpoint of exactly this size, or the least that is larger; null when there is none. */
export async function findCheckpoint(
  on: Db,
  workspaceId: WorkspaceId,
  size: { readonly atLeast: bigint } | { readonly exactly: bigint } | "latest",
): Promise<CheckpointItem | null> {
  const which =
    size === "latest"
      ? Prisma.sql`ORDER BY size DESC`
      : "exactly" in size
        ? Prisma.sql`AND size = ${size.exactly}`
        : Prisma.sql`AND size >= ${size.atLeast} ORDER BY size`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT size, root_hash, note, at, clock_regressed FROM ledger_checkpoints
    WHERE workspace_id = ${workspaceId}::uuid ${which} LIMIT 1`;
  return rows[0] === undefined ? null : CheckpointItem.parse(rows[0]);
}
