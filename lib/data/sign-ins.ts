import "server-only";

import { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { Role } from "@/lib/core/workspaces/schema";

import { anyone, type Db, type Tx } from "./db";

/** A member who could be meant by an e-mail address, in one of the workspaces. */
export type SignInCandidate = {
  readonly workspaceId: WorkspaceId;
  readonly memberId: MemberId;
  readonly passwordHash: string | null;
};

/** The members with this address who are not disabled, oldest first. */
export async function findSignInCandidates(email: string): Promise<readonly SignInCandidate[]> {
  const rows = await anyone.$queryRaw<{ workspace_id: string; member_id: string; password_hash: string | null }[]>`
    SELECT workspace_id, member_id, password_hash FROM find_members_by_email(${email})`;
  return rows.map((row) => ({
    workspaceId: WorkspaceId.parse(row.workspace_id),
    memberId: MemberId.parse(row.member_id),
    passwordHash: row.password_hash,
  }));
}

/** Opens a session that ends by itself after `seconds`, on the database's clock. */
export async function insertSignIn(
  tx: Tx,
  workspaceId: WorkspaceId,
  signIn: { readonly id: string; readonly memberId: MemberId; readonly seconds: number },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO sign_ins (id, workspace_id, member_id, created_at, expires_at)
    VALUES (${signIn.id}::uuid, ${workspaceId}::uuid, ${signIn.memberId}::uuid, clock_timestamp(),
            clock_timestamp() + make_interval(secs => ${signIn.seconds}))`;
}

/** @returns false when there was no open session of that id */
export async function closeSignIn(tx: Tx, workspaceId: WorkspaceId, id: string, memberId: MemberId): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE sign_ins SET ended_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND member_id = ${memberId}::uuid AND ended_at IS NULL`;
  return count === 1;
}

/** Ends every session of a member at once. */
export async function closeSignInsOf(tx: Tx, workspaceId: WorkspaceId, memberId: MemberId): Promise<number> {
  return tx.$executeRaw`
    UPDATE sign_ins SET ended_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND ended_at IS NULL`;
}

/** The member's roles now, if this session still runs and the member is not disabled; else null. */
export async function findSignedInRoles(
  on: Db,
  workspaceId: WorkspaceId,
  session: { readonly signInId: string; readonly memberId: MemberId },
): Promise<readonly Role[] | null> {
  const rows = await on.$queryRaw<{ roles: string[] }[]>`
    SELECT m.roles FROM sign_ins s JOIN members m ON m.id = s.member_id AND m.workspace_id = s.workspace_id
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.id = ${session.signInId}::uuid AND s.member_id = ${session.memberId}::uuid
      AND s.ended_at IS NULL AND s.expires_at > clock_timestamp() AND m.disabled_at IS NULL`;
  return rows[0] ? Role.array().parse(rows[0].roles) : null;
}

/** Which of these sessions still run, of members who are not disabled. */
export async function listLiveSignIns(
  on: Db,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM sign_ins s JOIN members m ON m.id = s.member_id AND m.workspace_id = s.workspace_id
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.id = ANY (${[...ids]}::uuid[])
      AND s.ended_at IS NULL AND s.expires_at > clock_timestamp() AND m.disabled_at IS NULL`;
  return rows.map(({ id }) => id);
}

/** One bucket of attempts: `capacity` at once, filling up again over `windowSeconds`. */
export type AttemptBucket = { readonly key: string; readonly capacity: number; readonly windowSeconds: number };

/**
 * Takes one attempt from a bucket, by the database's clock.
 *
 * @returns 0 when there was one, else the seconds until there is
 */
export async function takeAttempt(bucket: AttemptBucket): Promise<number> {
  const { key, capacity, windowSeconds } = bucket;
  const perSecond = capacity / windowSeconds;
  const taken = await anyone.$executeRaw`
    INSERT INTO sign_in_attempts AS a (key, tokens, updated_at) VALUES (${key}, ${capacity - 1}, clock_timestamp())
    ON CONFLICT (key) DO UPDATE
      SET tokens = least(${capacity}, a.tokens + extract(epoch FROM clock_timestamp() - a.updated_at)::float8 * ${perSecond}) - 1,
          updated_at = clock_timestamp()
      WHERE least(${capacity}, a.tokens + extract(epoch FROM clock_timestamp() - a.updated_at)::float8 * ${perSecond}) >= 1`;
  if (taken === 1) return 0;
  const rows = await anyone.$queryRaw<{ seconds: number }[]>`
    SELECT greatest(1, ceil((1 - tokens) / ${perSecond} - extract(epoch FROM clock_timestamp() - updated_at)::float8))::float8 AS seconds
    FROM sign_in_attempts WHERE key = ${key}`;
  return rows[0]?.seconds ?? 1;
}

/** Gives an attempt back: only failures count. */
export async function returnAttempt({ key, capacity }: AttemptBucket): Promise<void> {
  await anyone.$executeRaw`UPDATE sign_in_attempts SET tokens = least(${capacity}, tokens + 1) WHERE key = ${key}`;
}
