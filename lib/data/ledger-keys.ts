import "server-only";

import { z } from "zod";

import type { WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

const KeyRow = z.object({
  id: z.uuid(),
  verifierKey: z.string(),
  sealed: z.instanceof(Uint8Array),
  createdAt: z.date(),
  retiredAt: z.date().nullable(),
});

/** A signing key as it is stored: what auditors pin, and the private half sealed. */
export type StoredKey = z.infer<typeof KeyRow>;

const columns = { id: true, verifierKey: true, sealed: true, createdAt: true, retiredAt: true } as const;

/** The key in force; null before the first. */
export async function findActiveKey(on: Db, workspaceId: WorkspaceId): Promise<StoredKey | null> {
  const row = await on.ledgerKey.findFirst({ where: { workspaceId, retiredAt: null }, select: columns });
  return row && KeyRow.parse(row);
}

/** Every key there ever was, oldest first. */
export async function listKeyRows(on: Db, workspaceId: WorkspaceId): Promise<readonly StoredKey[]> {
  const rows = await on.ledgerKey.findMany({
    where: { workspaceId },
    orderBy: { id: "asc" },
    take: 1_000,
    select: columns,
  });
  return KeyRow.array().parse(rows);
}

export type NewKey = { readonly id: string; readonly verifierKey: string; readonly sealed: Uint8Array<ArrayBuffer> };

/** Takes a key into force; the database allows one at a time. */
export async function insertKey(tx: Tx, workspaceId: WorkspaceId, key: NewKey): Promise<void> {
  await tx.ledgerKey.create({ data: { ...key, workspaceId }, select: { id: true } });
}

export async function retireKey(tx: Tx, workspaceId: WorkspaceId, id: string, at: Date): Promise<void> {
  const { count } = await tx.ledgerKey.updateMany({
    where: { id, workspaceId, retiredAt: null },
    data: { retiredAt: at },
  });
  if (count !== 1) throw new Error(`the ledger key ${id} is no longer in force`);
}
