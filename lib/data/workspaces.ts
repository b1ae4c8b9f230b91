import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { WorkspaceSettings } from "@/lib/core/workspaces/settings";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

export type Workspace = {
  readonly name: string;
  readonly slug: string;
  readonly demo: boolean;
  readonly createdAt: Date;
};

/** The workspace itself; null only for a session that outlived it. */
export async function findWorkspace(on: Db, workspaceId: WorkspaceId): Promise<Workspace | null> {
  return on.workspace.findFirst({
    where: { id: workspaceId },
    select: { name: true, slug: true, demo: true, createdAt: true },
  });
}

/** The workspace's settings; with `lock`, held until the transaction ends. */
export async function findSettings(
  on: Db,
  workspaceId: WorkspaceId,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<WorkspaceSettings> {
  const rows = await on.$queryRaw<{ settings: object }[]>`
    SELECT settings FROM workspaces WHERE id = ${workspaceId}::uuid ${lock ? Prisma.sql`FOR UPDATE` : Prisma.empty}`;
  return WorkspaceSettings.parse(rows[0]?.settings ?? {});
}

/** Sets these settings and leaves any other that is stored beside them. */
export async function setSettings(tx: Tx, workspaceId: WorkspaceId, settings: WorkspaceSettings): Promise<void> {
  await tx.$executeRaw`
    UPDATE workspaces SET settings = settings || ${JSON.stringify(settings)}::jsonb WHERE id = ${workspaceId}::uuid`;
}

/** Approvals that wait for people now; expired ones that no job has settled yet do not. */
export async function countWaiting(on: Db, workspaceId: WorkspaceId): Promise<number> {
  const rows = await on.$queryRaw<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM approvals
    WHERE workspace_id = ${workspaceId}::uuid AND state = 'waiting' AND expires_at > clock_timestamp()`;
  return rows[0]?.waiting ?? 0;
}

export type NewWorkspace = {
  readonly slug: string;
  readonly name: string;
  readonly demo: boolean;
  readonly coolingOffHours: number;
  /** The root of a ledger without entries. */
  readonly emptyRoot: string;
};

/** A workspace with all that must exist beside it: its control row and the head of its empty ledger. */
export async function insertWorkspace(tx: Tx, workspaceId: WorkspaceId, workspace: NewWorkspace): Promise<void> {
  const { slug, name, demo, coolingOffHours, emptyRoot } = workspace;
  await tx.workspace.create({ data: { id: workspaceId, slug, name, demo, coolingOffHours }, select: { id: true } });
  await tx.workspaceControl.create({ data: { workspaceId }, select: { workspaceId: true } });
  await tx.$executeRaw`
    INSERT INTO ledger_heads (workspace_id, root_hash, updated_at) VALUES (${workspaceId}::uuid, ${emptyRoot}, clock_timestamp())`;
}

/** The database server's version, `18.4`. */
export async function findServerVersion(on: Db): Promise<string> {
  const rows = await on.$queryRaw<
    { version: string }[]
  >`SELECT split_part(current_setting('server_version'), ' ', 1) AS version`;
  return rows[0]?.version ?? "unknown";
}
