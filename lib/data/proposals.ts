import "server-only";

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";

import { ProposalKind } from "@/lib/core/people/proposal";
import { MemberId, type WorkspaceId } from "@/lib/core/shared/brand";
import type { JsonObject } from "@/lib/core/shared/json";

import type { Db, Tx } from "./db";

const Row = z.object({
  id: z.uuid(),
  kind: ProposalKind,
  subject: z.string(),
  content: z.record(z.string(), z.unknown()),
  digest: z.string(),
  reason: z.string(),
  by: MemberId,
  byName: z.string(),
  createdAt: z.date(),
});
/** A proposal that waits for the word of a second person. */
export type PendingProposal = z.infer<typeof Row>;

/** What waits for a second person about one agent or tool; null when nothing does. */
export async function findPendingProposal(
  on: Db,
  workspaceId: WorkspaceId,
  kind: ProposalKind,
  subject: string,
): Promise<PendingProposal | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT p.id, p.kind, p.subject, p.content, p.digest, p.reason, p.created_by AS by, m.name AS "byName", p.created_at AS "createdAt"
    FROM proposals p JOIN members m ON m.id = p.created_by
    WHERE p.workspace_id = ${workspaceId}::uuid AND p.kind = ${kind} AND p.subject = ${subject} AND p.state = 'pending'`;
  return rows[0] === undefined ? null : Row.parse(rows[0]);
}

export type NewProposal = {
  readonly kind: ProposalKind;
  readonly subject: string;
  readonly content: JsonObject;
  readonly digest: string;
  readonly reason: string;
  readonly by: MemberId;
};

/** Keeps a proposal in place of the one that waited. @returns its id */
export async function putProposal(tx: Tx, workspaceId: WorkspaceId, proposal: NewProposal): Promise<string> {
  await supersedeProposal(tx, workspaceId, proposal.kind, proposal.subject);
  const id = uuidv7();
  const { kind, subject, digest, reason, by } = proposal;
  await tx.$executeRaw`
    INSERT INTO proposals (id, workspace_id, kind, subject, content, digest, reason, created_by)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${kind}, ${subject}, ${JSON.stringify(proposal.content)}::jsonb, ${digest}, ${reason},
            ${by}::uuid)`;
  return id;
}

/** Closes what waited about one agent or tool, because something else holds now. */
export async function supersedeProposal(
  tx: Tx,
  workspaceId: WorkspaceId,
  kind: ProposalKind,
  subject: string,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE proposals SET state = 'superseded', settled_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND kind = ${kind} AND subject = ${subject} AND state = 'pending'`;
}

/** Notes that a second person asked for the same. What was proposed may be changed in this transaction, and in no other. */
export async function confirmProposal(tx: Tx, workspaceId: WorkspaceId, id: string, by: MemberId): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE proposals SET state = 'confirmed', settled_by = ${by}::uuid, settled_at = clock_timestamp(), settled_in = pg_current_xact_id()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state = 'pending'`;
  return count === 1;
}

const Settled = Row.pick({ kind: true, subject: true, digest: true, by: true });

/** A proposal that waits, by its id; locked until the transaction ends, so that nobody settles it meanwhile. */
export async function lockPendingProposal(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
): Promise<z.infer<typeof Settled> | null> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT kind, subject, digest, created_by AS by FROM proposals
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state = 'pending' FOR UPDATE`;
  return rows[0] === undefined ? null : Settled.parse(rows[0]);
}

/** Ends a proposal that is locked, without making it hold. */
export async function endProposal(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  { state, by }: { readonly state: "withdrawn" | "rejected"; readonly by: MemberId },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE proposals SET state = ${state}, settled_by = ${by}::uuid, settled_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state = 'pending'`;
}
