import "server-only";

import { z } from "zod";

import {
  Approval,
  type ApprovalFilter,
  ApprovalState,
  Vote,
  type Voter,
  VoterRow,
  type VoteVerdict,
} from "@/lib/core/approvals/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import type { JsonObject } from "@/lib/core/shared/json";
import { type Page, pageOf } from "@/lib/core/shared/page";

import { LISTED, SHOWN_DIGEST } from "./calibration";
import { type Db, HELD_SILENTLY_MS, type Tx } from "./db";
import { Prisma } from "./generated/client";

/** A request as `Approval` reads it, of `approvals a` and `agents g`. */
export const approvalColumns = Prisma.sql`
  a.id, a.agent_id AS "agentId", g.handle AS agent, a.run_id AS "runId", a.decision_id AS "decisionId", a.tool,
  ${SHOWN_DIGEST} AS "actionDigest", a.display_digest AS "displayDigest", a.action_ref AS "actionRef", a.display_ref AS "displayRef",
  a.manifest_version AS "manifestVersion", a.state, a.score, a.band,
  a.quorum, a.approver_role AS "approverRole", a.separation_of_duties AS "separationOfDuties", a.dri_at_request AS "driAtRequest",
  g.dri_id AS "driNow", dris_lately(g.id, clock_timestamp()) AS "drisLately", a.note, a.created_at AS "createdAt", a.expires_at AS "expiresAt", a.settled_at AS "settledAt",
  a.consumed_by AS "consumedBy", (SELECT gr.usable_at FROM grants gr WHERE gr.approval_id = a.id) AS "usableAt",
  a.escalated_at AS "escalatedAt", a.extended_at AS "extendedAt", a.superseded_by AS "supersededBy",
  a.base_digest AS "baseDigest", a.base_moved_at AS "baseMovedAt", a.rerun_requested_at AS "rerunRequestedAt"`;

/** A request and what its reviewers are shown, as stored: the digest is of this very value. */
export type StoredApproval = { readonly approval: Approval; readonly display: JsonObject; readonly now: Date };

const Stored = z.object({
  display: z.custom<JsonObject>((value) => typeof value === "object" && value !== null),
  now: z.date(),
});

/**
 * One request with its display and the database's time; null when unknown in this workspace.
 *
 * @param agentId the agent that asks: it knows its own requests and nothing that nobody would carry out
 */
export async function findApproval(
  on: Db,
  workspaceId: WorkspaceId,
  id: string,
  agentId?: string,
): Promise<StoredApproval | null> {
  const own =
    agentId === undefined ? Prisma.empty : Prisma.sql`AND a.agent_id = ${agentId}::uuid AND a.executor = 'agent'`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${approvalColumns}, a.display, clock_timestamp() AS now FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${id}::uuid ${own}`;
  return rows[0] === undefined ? null : { approval: Approval.parse(rows[0]), ...Stored.parse(rows[0]) };
}

/** A request in a list: as `Approval`, with how many have voted and the database's time. */
export const ListedApproval = Approval.extend({
  votes: z.int(),
  voted: z.boolean(),
  headline: z.unknown(),
  now: z.date(),
});
export type ListedApproval = z.infer<typeof ListedApproval>;

/** Latest first. A state narrows to what is so by the database's clock, whether or not the job has been there. */
export async function listApprovalRows(
  on: Db,
  workspaceId: WorkspaceId,
  reader: MemberId,
  filter: ApprovalFilter,
): Promise<Page<ListedApproval>> {
  const parts = [Prisma.sql`a.workspace_id = ${workspaceId}::uuid AND ${LISTED}`];
  if (filter.state) parts.push(inState(filter.state));
  if (filter.agent) parts.push(Prisma.sql`g.handle = ${filter.agent}`);
  if (filter.tool) parts.push(Prisma.sql`a.tool = ${filter.tool}`);
  if (filter.band) parts.push(Prisma.sql`a.band = ${filter.band}`);
  if (filter.cursor) parts.push(Prisma.sql`a.id < ${filter.cursor}::uuid`);
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${approvalColumns}, a.display -> 'headline' AS headline, clock_timestamp() AS now,
           (SELECT count(*)::int FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL) AS votes,
           EXISTS (SELECT FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL AND v.member_id = ${reader}::uuid) AS voted
    FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE ${Prisma.join(parts, " AND ")} ORDER BY a.id DESC LIMIT ${filter.limit + 1}`;
  return pageOf(ListedApproval.array().parse(rows), filter.limit);
}

/** A condition on `approvals a`: its state as of now. */
export function inState(state: ApprovalState): Prisma.Sql {
  if (state === "expired") {
    return Prisma.sql`(a.state = 'expired' OR (a.state IN ('waiting', 'approved') AND a.expires_at <= clock_timestamp()))`;
  }
  const open = state === "waiting" || state === "approved";
  return open ? Prisma.sql`(a.state = ${state} AND a.expires_at > clock_timestamp())` : Prisma.sql`a.state = ${state}`;
}

/** Votes that stand, in the order in which they were given. Those that were taken back are in the ledger. */
export async function listVotes(on: Db, workspaceId: WorkspaceId, approvalId: string): Promise<readonly Vote[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT v.member_id AS "memberId", m.name AS "memberName", v.verdict, v.note, v.created_at AS "createdAt",
           coalesce(m.person_id, m.id) AS "personId", answers_for(v.member_id, v.created_at) AS "answersFor", f.name AS "forName"
    FROM votes v JOIN members m ON m.id = v.member_id LEFT JOIN members f ON f.id = v.for_member
    WHERE v.workspace_id = ${workspaceId}::uuid AND v.approval_id = ${approvalId}::uuid AND v.undone_at IS NULL ORDER BY v.id LIMIT 100`;
  return Vote.array().parse(rows);
}

/** The person as they are now, not as their session says. */
export async function findVoter(on: Db, workspaceId: WorkspaceId, id: MemberId): Promise<Voter | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, roles, disabled_at IS NOT NULL OR joined_at IS NULL AS disabled, coalesce(person_id, id) AS "personId",
           answers_for(id, clock_timestamp()) AS "answersFor",
           tied_accounts(id, clock_timestamp()) || answers_for(id, clock_timestamp()) AS "oneWith"
    FROM members WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`;
  return rows[0] === undefined ? null : VoterRow.parse(rows[0]);
}

/**
 * Shares the workspace's lock until the transaction ends, so that a stop that has been answered holds for votes too.
 *
 * @returns whether the workspace is stopped
 */
export async function joinWorkspace(tx: Tx, workspaceId: WorkspaceId): Promise<boolean> {
  await tx.$queryRaw`
    SELECT pg_advisory_xact_lock_shared(workspace_lock_key(${workspaceId}::uuid))::text,
      set_config('idle_in_transaction_session_timeout', ${HELD_SILENTLY_MS}, true)`;
  const rows = await tx.$queryRaw<
    { stopped: boolean }[]
  >`SELECT stopped FROM workspace_controls WHERE workspace_id = ${workspaceId}::uuid`;
  return rows[0]?.stopped ?? true;
}

/**
 * Locks a request before anything about it is read: what is read afterwards, its time included, is as of then.
 *
 * @returns false when there is no such request
 */
export async function lockApproval(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id FROM approvals WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid FOR UPDATE`;
  return rows.length === 1;
}

export type NewVote = {
  readonly id: string;
  readonly approvalId: string;
  readonly memberId: MemberId;
  readonly verdict: VoteVerdict;
  readonly note: string;
  readonly displayDigest: string;
  /** Whom this person stands in for. */
  readonly forMember: string | null;
  readonly at: Date;
};

/** The database adds whose vote it is: one person has one, whichever account they use. */
export async function insertVote(tx: Tx, workspaceId: WorkspaceId, vote: NewVote): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO votes (id, workspace_id, approval_id, member_id, verdict, note, display_digest, for_member, created_at)
    VALUES (${vote.id}::uuid, ${workspaceId}::uuid, ${vote.approvalId}::uuid, ${vote.memberId}::uuid, ${vote.verdict}, ${vote.note},
            ${vote.displayDigest}, ${vote.forMember}::uuid, ${vote.at})`;
}

/** Ends a request that waits; the caller holds its lock. An approved one gets its single-use grant. */
export async function settleApproval(
  tx: Tx,
  workspaceId: WorkspaceId,
  approval: Approval,
  to: {
    readonly state: "approved" | "denied" | "returned";
    readonly note: string | null;
    readonly at: Date;
    readonly grantId: string;
    /** For so long it can be taken back, and its grant is good for nothing. */
    readonly undoSeconds: number;
  },
): Promise<void> {
  const { count } = await tx.approval.updateMany({
    where: { id: approval.id, workspaceId, state: "waiting" },
    data: { state: to.state, note: to.note, settledAt: to.at },
  });
  if (count !== 1) throw new Error(`approval ${approval.id} changed under its lock`);
  if (to.state !== "approved") return;
  const { id: approvalId, actionDigest, expiresAt } = approval;
  const usableAt = new Date(to.at.getTime() + to.undoSeconds * 1_000);
  const announced = to.undoSeconds === 0;
  const grant = {
    id: to.grantId,
    workspaceId,
    approvalId,
    actionDigest,
    expiresAt,
    createdAt: to.at,
    usableAt,
    announced,
  };
  await tx.grant.create({ data: grant, select: { id: true } });
}

/** @returns false when the request was no longer open */
export async function withdrawOpenApproval(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE approvals SET state = 'withdrawn', settled_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state IN ('waiting', 'approved') AND expires_at > clock_timestamp()`;
  return count === 1;
}

const ExpiredRow = z.object({
  id: z.uuid(),
  decision_id: z.uuid(),
  expires_at: z.date(),
  was: ApprovalState,
  /** Who would have carried it out: nobody for a calibration item. */
  executor: z.string(),
});
export type ExpiredApproval = z.infer<typeof ExpiredRow>;

/**
 * Marks requests whose time is up, oldest first, at most `limit`. Those somebody is voting on this moment are left for
 * the next round. A request that was approved keeps the time of its approval: the wait for people ended then.
 */
export async function expireDueApprovals(
  tx: Tx,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly ExpiredApproval[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    WITH due AS (
      SELECT id, state AS was FROM approvals
      WHERE workspace_id = ${workspaceId}::uuid AND state IN ('waiting', 'approved') AND expires_at <= clock_timestamp()
      ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE approvals a SET state = 'expired', settled_at = coalesce(a.settled_at, a.expires_at)
    FROM due WHERE a.id = due.id RETURNING a.id, a.decision_id, a.expires_at, due.was, a.executor`;
  return ExpiredRow.array().parse(rows);
}

/** Ends every open request, whatever time it has left. */
export async function expireOpenApprovals(tx: Tx, workspaceId: WorkspaceId): Promise<readonly ExpiredApproval[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    WITH open AS (
      SELECT id, state AS was FROM approvals
      WHERE workspace_id = ${workspaceId}::uuid AND state IN ('waiting', 'approved') ORDER BY id FOR UPDATE)
    UPDATE approvals a SET state = 'expired', settled_at = coalesce(a.settled_at, clock_timestamp())
    FROM open WHERE a.id = open.id RETURNING a.id, a.decision_id, a.expires_at, open.was, a.executor`;
  return ExpiredRow.array().parse(rows);
}

/** Remembers when a person first had a request before them; later looks change nothing. */
export async function insertApprovalView(
  on: Db,
  workspaceId: WorkspaceId,
  approvalId: string,
  memberId: MemberId,
): Promise<boolean> {
  const count = await on.$executeRaw`
    INSERT INTO approval_views (approval_id, member_id, workspace_id, first_at)
    SELECT a.id, ${memberId}::uuid, a.workspace_id, clock_timestamp() FROM approvals a
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${approvalId}::uuid
    ON CONFLICT (approval_id, member_id) DO NOTHING`;
  return count === 1;
}
