import "server-only";

import { z } from "zod";

import { DestinationItem } from "@/lib/core/notifications/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const COLUMNS = Prisma.sql`
  d.id, d.kind, d.name, d.address, g.handle AS agent, d.events, d.least_band, d.state, d.failures, d.failing_since, d.before_until,
  d.created_at`;

/** Every destination that was not removed, oldest first. */
export async function listDestinationRows(on: Db, workspaceId: WorkspaceId): Promise<readonly DestinationItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM destinations d LEFT JOIN agents g ON g.id = d.agent_id
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.state <> 'removed' ORDER BY d.id LIMIT 200`;
  return DestinationItem.array().parse(rows);
}

const Sealed = DestinationItem.extend({
  sealed: z.instanceof(Uint8Array).nullable(),
  sealed_before: z.instanceof(Uint8Array).nullable(),
});
/** A destination with its secrets, still sealed. */
export type SealedDestination = z.infer<typeof Sealed>;

/** A destination that was not removed; null when there is none of that id. With `lock` it is held to the end. */
export async function findDestination(
  on: Db,
  workspaceId: WorkspaceId,
  id: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<SealedDestination | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS}, d.sealed, d.sealed_before FROM destinations d LEFT JOIN agents g ON g.id = d.agent_id
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ${id}::uuid AND d.state <> 'removed'
    ${lock ? Prisma.sql`FOR UPDATE OF d` : Prisma.empty}`;
  return rows[0] === undefined ? null : Sealed.parse(rows[0]);
}

/** The Slack destination that has been there longest and is on: who speaks to a person in Slack. */
export async function findSlackVoice(on: Db, workspaceId: WorkspaceId): Promise<SealedDestination | null> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT id FROM destinations WHERE workspace_id = ${workspaceId}::uuid AND kind = 'slack' AND state = 'on' ORDER BY id LIMIT 1`;
  return rows[0] ? findDestination(on, workspaceId, rows[0].id) : null;
}

/** Every Slack destination that was not removed, with its secrets: one of them signs what Slack sends. */
export async function listSlackDestinations(on: Db, workspaceId: WorkspaceId): Promise<readonly SealedDestination[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS}, d.sealed, d.sealed_before FROM destinations d LEFT JOIN agents g ON g.id = d.agent_id
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.kind = 'slack' AND d.state <> 'removed' ORDER BY d.id LIMIT 50`;
  return Sealed.array().parse(rows);
}

export type NewDestination = {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly address: string;
  readonly agentId: string | null;
  readonly events: readonly string[];
  readonly leastBand: string;
  readonly sealed: Uint8Array<ArrayBuffer> | null;
  readonly by: MemberId;
  readonly at: Date;
};

export async function insertDestination(tx: Tx, workspaceId: WorkspaceId, given: NewDestination): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO destinations (id, workspace_id, kind, name, address, agent_id, events, least_band, sealed, created_by, created_at)
    VALUES (${given.id}::uuid, ${workspaceId}::uuid, ${given.kind}, ${given.name}, ${given.address}, ${given.agentId}::uuid,
            ${given.events}::text[], ${given.leastBand}, ${given.sealed}, ${given.by}::uuid, ${given.at})`;
}

/** Turns a destination on, off or away. On forgets how often it failed. @returns false when it was so already */
export async function setDestinationState(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  state: "on" | "off" | "failing" | "removed",
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE destinations SET state = ${state}, failures = CASE WHEN ${state} = 'on' THEN 0 ELSE failures END,
           failing_since = CASE WHEN ${state} = 'on' THEN NULL ELSE failing_since END,
           sealed = CASE WHEN ${state} = 'removed' THEN NULL ELSE sealed END,
           sealed_before = CASE WHEN ${state} = 'removed' THEN NULL ELSE sealed_before END
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state NOT IN (${state}, 'removed')`;
  return count === 1;
}

/** Puts a new secret in force; the old one signs beside it until `beforeUntil`. */
export async function replaceSecret(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  { sealed, beforeUntil }: { readonly sealed: Uint8Array<ArrayBuffer>; readonly beforeUntil: Date },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE destinations SET sealed_before = sealed, sealed = ${sealed}, before_until = ${beforeUntil}
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`;
}

/** Counts an attempt. @returns how often and since when it has failed without a success between */
export async function countAttempt(
  on: Db,
  workspaceId: WorkspaceId,
  id: string,
  { ok, at }: { readonly ok: boolean; readonly at: Date },
): Promise<{ readonly failures: number; readonly since: Date | null }> {
  if (ok) {
    await on.$executeRaw`
      UPDATE destinations SET failures = 0, failing_since = NULL
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND failures > 0`;
    return { failures: 0, since: null };
  }
  const rows = await on.$queryRaw<{ failures: number; failing_since: Date }[]>`
    UPDATE destinations SET failures = failures + 1, failing_since = coalesce(failing_since, ${at})
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid RETURNING failures, failing_since`;
  const row = rows[0];
  return row ? { failures: row.failures, since: row.failing_since } : { failures: 0, since: null };
}
