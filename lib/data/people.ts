import "server-only";

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";

import { answersForEach, type PeopleFacts, TIE_KINDS, type TieKind } from "@/lib/core/people/independence";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { Role } from "@/lib/core/workspaces/schema";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

/** Makes all accounts of two people those of one. */
export async function linkMemberRows(tx: Tx, workspaceId: WorkspaceId, one: MemberId, other: MemberId): Promise<void> {
  await tx.$executeRaw`
    UPDATE members SET person_id = (SELECT coalesce(o.person_id, o.id) FROM members o WHERE o.id = ${other}::uuid)
    WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (accounts_of(${one}::uuid) || accounts_of(${other}::uuid))`;
}

/**
 * Makes an account a person of its own. When the others were named after it, they are named after one of themselves.
 *
 * @returns the accounts it is no longer the same as; null when there were none
 */
export async function unlinkMemberRow(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: MemberId,
): Promise<readonly string[] | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM members WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (accounts_of(${id}::uuid)) AND id <> ${id}::uuid
    ORDER BY id FOR UPDATE`;
  const others = rows.map((row) => row.id);
  if (others.length === 0) return null;
  const name = others.length === 1 ? null : others[0];
  await tx.$executeRaw`UPDATE members SET person_id = NULL WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`;
  await tx.$executeRaw`
    UPDATE members SET person_id = ${name}::uuid WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${others}::uuid[])`;
  return others;
}

const TieRow = z.object({ memberId: z.uuid(), byId: z.uuid(), kind: z.enum(TIE_KINDS), until: z.date() });
const LateDriRow = z.object({ memberId: z.uuid(), until: z.date() });
const NameRow = z.object({ id: z.uuid(), name: z.string(), personId: z.uuid() });

/**
 * What decides who counts as another person, as of now by the database's clock.
 *
 * @param agentId the agent at hand: whoever was handed it or handed it on lately is no second person for it
 */
export async function findPeopleFacts(on: Db, workspaceId: WorkspaceId, agentId: string | null): Promise<PeopleFacts> {
  const ties = await on.$queryRaw<unknown[]>`
    SELECT t.member_id AS "memberId", t.by_member AS "byId", t.kind, t.created_at + held.time AS until
    FROM (SELECT cooling_off(${workspaceId}::uuid) AS time OFFSET 0) held CROSS JOIN member_ties t
    WHERE t.workspace_id = ${workspaceId}::uuid AND t.ended_at IS NULL
      AND t.created_at > clock_timestamp() - held.time ORDER BY t.id`;
  const late = await on.$queryRaw<unknown[]>`
    SELECT m.id AS "memberId", max(c.created_at) + cooling_off(c.workspace_id) AS until
    FROM dri_changes c JOIN members m ON m.id IN (c.from_member, c.to_member)
    WHERE c.workspace_id = ${workspaceId}::uuid AND c.agent_id = ${agentId}::uuid
      AND c.created_at > clock_timestamp() - cooling_off(c.workspace_id) GROUP BY m.id, c.workspace_id`;
  const names = NameRow.array().parse(
    await on.$queryRaw<unknown[]>`
      SELECT m.id, m.name, coalesce(m.person_id, m.id) AS "personId" FROM members m WHERE m.workspace_id = ${workspaceId}::uuid`,
  );
  return {
    persons: new Map(names.map(({ id, personId }) => [id, personId])),
    names: new Map(names.map(({ id, name }) => [id, name])),
    ties: TieRow.array().parse(ties),
    lateDris: LateDriRow.array().parse(late),
    coolingOffHours: await findCoolingOffHours(on, workspaceId),
  };
}

/** How long two people who are tied count as one in this workspace. */
export async function findCoolingOffHours(on: Db, workspaceId: WorkspaceId): Promise<number> {
  const row = await on.workspace.findFirst({ where: { id: workspaceId }, select: { coolingOffHours: true } });
  return z.number().parse(row?.coolingOffHours);
}

/** Sets how long two people who are tied count as one. @returns what it was before */
export async function setCoolingOffHours(tx: Tx, workspaceId: WorkspaceId, hours: number): Promise<number> {
  const before = await findCoolingOffHours(tx, workspaceId);
  await tx.workspace.update({ where: { id: workspaceId }, data: { coolingOffHours: hours }, select: { id: true } });
  return before;
}

/** Ties an account to the one that acted on it, from now on by the database's clock. */
export async function insertTie(
  tx: Tx,
  workspaceId: WorkspaceId,
  tie: { readonly memberId: string; readonly byId: string; readonly kind: TieKind },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO member_ties (id, workspace_id, member_id, by_member, kind, created_at)
    VALUES (${uuidv7()}::uuid, ${workspaceId}::uuid, ${tie.memberId}::uuid, ${tie.byId}::uuid, ${tie.kind}, clock_timestamp())`;
}

/**
 * Ends what ties a member to others before its time.
 *
 * @param by who confirmed that they are somebody else; null for the identity provider
 * @returns how many ties that still held were ended
 */
export async function endTies(
  tx: Tx,
  workspaceId: WorkspaceId,
  memberId: string,
  by: MemberId | null,
  kinds: readonly TieKind[],
): Promise<number> {
  return tx.$executeRaw`
    UPDATE member_ties SET ended_at = clock_timestamp(), ended_by = ${by}::uuid
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND ended_at IS NULL
      AND kind = ANY (${[...kinds]}::text[]) AND created_at > clock_timestamp() - cooling_off(workspace_id)`;
}

/** Whether signing in through the identity provider says anything new about a member. */
export async function needsVerifying(on: Db, workspaceId: WorkspaceId, memberId: MemberId): Promise<boolean> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT m.id FROM members m WHERE m.workspace_id = ${workspaceId}::uuid AND m.id = ${memberId}::uuid
      AND (m.joined_at IS NULL OR m.verified_at IS NULL OR EXISTS (
        SELECT FROM member_ties t WHERE t.member_id = m.id AND t.workspace_id = m.workspace_id AND t.ended_at IS NULL
          AND t.created_at > clock_timestamp() - cooling_off(t.workspace_id)))`;
  return rows.length > 0;
}

const ActingRow = z.object({
  memberId: z.uuid(),
  name: z.string(),
  email: z.string(),
  roles: z.array(Role),
  disabled: z.boolean(),
  demo: z.boolean(),
  joinedAt: z.date().nullable(),
  verifiedAt: z.date().nullable(),
  origin: z.enum(["installation", "invitation"]),
  canSignIn: z.boolean(),
  answersFor: z.array(z.uuid()),
});
/** A member as the page of people shows them. */
export type ActingMember = z.infer<typeof ActingRow>;

/** Everybody of the workspace, or those named, as far as acting together depends on it, oldest first. */
export async function listActing(
  on: Db,
  workspaceId: WorkspaceId,
  only: readonly string[] | null = null,
): Promise<readonly ActingMember[]> {
  const rows = await on.$queryRaw<{ memberId: string }[]>`
    SELECT ${ACTING}, m.email, m.demo, m.verified_at AS "verifiedAt", m.origin
    FROM members m WHERE m.workspace_id = ${workspaceId}::uuid
      AND (${only === null} OR m.id = ANY (${[...(only ?? [])]}::uuid[])) ORDER BY m.id`;
  return ActingRow.array().parse(await withDuties(on, workspaceId, rows));
}

const AbleRow = ActingRow.omit({ email: true, demo: true, verifiedAt: true, origin: true });

/** Everybody of the workspace, however many, who may act now and holds one of these roles, oldest first. */
export async function listAble(
  on: Db,
  workspaceId: WorkspaceId,
  roles: readonly Role[],
): Promise<readonly z.infer<typeof AbleRow>[]> {
  const rows = await on.$queryRaw<{ memberId: string }[]>`
    SELECT ${ACTING} FROM members m
    WHERE m.workspace_id = ${workspaceId}::uuid AND m.disabled_at IS NULL AND m.joined_at IS NOT NULL
      AND m.roles && ${[...roles]}::text[] ORDER BY m.id`;
  return AbleRow.array().parse(await withDuties(on, workspaceId, rows));
}

const ACTING = Prisma.sql`
  m.id AS "memberId", m.name, m.roles, m.disabled_at IS NOT NULL AS disabled, m.joined_at AS "joinedAt",
  (m.password_hash IS NOT NULL OR m.verified_at IS NOT NULL OR EXISTS (
    SELECT FROM personal_tokens t WHERE t.member_id = m.id AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp()
  )) AS "canSignIn"`;

const PersonRow = z.object({ id: z.uuid(), personId: z.uuid() });
const StandInRow = z.object({ fromId: z.uuid(), toId: z.uuid() });

/** Adds whose duties each carries. For everybody at once: asked of one account after another it takes seconds for thousands. */
async function withDuties<T extends { readonly memberId: string }>(
  on: Db,
  workspaceId: WorkspaceId,
  rows: readonly T[],
): Promise<readonly (T & { readonly answersFor: readonly string[] })[]> {
  const persons = await on.$queryRaw<unknown[]>`
    SELECT id, coalesce(person_id, id) AS "personId" FROM members WHERE workspace_id = ${workspaceId}::uuid`;
  const standIns = await on.$queryRaw<unknown[]>`
    SELECT from_member AS "fromId", to_member AS "toId" FROM delegations
    WHERE workspace_id = ${workspaceId}::uuid AND starts_at <= clock_timestamp() AND ends_at > clock_timestamp()
      AND (ended_at IS NULL OR ended_at > clock_timestamp())`;
  const known = new Map(
    PersonRow.array()
      .parse(persons)
      .map(({ id, personId }) => [id, personId]),
  );
  const duties = answersForEach(known, StandInRow.array().parse(standIns));
  return rows.map((row) => ({ ...row, answersFor: duties.get(row.memberId) ?? [row.memberId] }));
}
