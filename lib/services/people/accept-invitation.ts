import "server-only";

import { v7 as uuidv7 } from "uuid";

import { AppError } from "@/lib/core/shared/errors";
import type { AcceptInvitationInput } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { closeInvitationsOf, showInvitationRow, takeInvitation } from "@/lib/data/invitations";
import { insertToken, joinMember, revokeTokensOf } from "@/lib/data/members";
import { findCoolingOffHours, insertTie } from "@/lib/data/people";
import { closeSignInsOf } from "@/lib/data/sign-ins";
import { hashPassword } from "@/lib/platform/password";
import { makeSecret } from "@/lib/platform/secret";
import type { SessionClaims } from "@/lib/platform/session-token";

import { authenticate, authenticateInvited, type InvitedContext } from "../access/authenticate";
import { barrier } from "../barrier";
import { requireMember } from "../context";
import { record } from "../ledger/record";
import { openSession } from "../workspaces/open-session";

const TOKEN_DAYS = 90;

/** The person as they joined, with a first personal token that only this answer shows. */
export type Joined = { readonly member_id: string; readonly token: string };

/** What an invited person is shown. */
export type InvitationView = NonNullable<Awaited<ReturnType<typeof showInvitationRow>>>;

/** @throws {AppError} `not_found` (`invitation_over`) for a code that cannot be used */
export async function showInvitation(code: string): Promise<InvitationView> {
  const ctx = await authenticateInvited(code);
  const shown = await showInvitationRow(ctx.db, ctx.workspaceId, ctx.invitationId);
  if (!shown) throw over();
  return shown;
}

/**
 * Sets up the account of the person who holds this code: their password, and their first token. What the account had
 * before, if it had joined already, stops working. From now on they count as one with whoever invited them, until that
 * has cooled off.
 *
 * @throws {AppError} `not_found` (`invitation_over`)
 */
export async function acceptInvitation(code: string, input: AcceptInvitationInput): Promise<Joined> {
  const ctx: InvitedContext = await authenticateInvited(code);
  const { memberId } = requireMember(ctx);
  const passwordHash = await hashPassword(input.password);
  const { secret, hash, hint } = makeSecret("ilp_");

  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const taken = await takeInvitation(tx, ctx.workspaceId, ctx.invitationId);
    if (taken === undefined) throw over();
    await closeInvitationsOf(tx, ctx.workspaceId, memberId);
    await closeSignInsOf(tx, ctx.workspaceId, memberId);
    await joinMember(tx, ctx.workspaceId, memberId, passwordHash);
    // A link of the installation comes from no other person, so the operator's own token goes on working.
    if (taken.by !== null) {
      await revokeTokensOf(tx, ctx.workspaceId, memberId);
      await insertTie(tx, ctx.workspaceId, { memberId, byId: taken.by, kind: "invitation" });
    }
    const id = uuidv7();
    await insertToken(tx, ctx.workspaceId, { id, memberId, name: "first token", hash, hint, days: TOKEN_DAYS });
    const cooling_off = String(await findCoolingOffHours(tx, ctx.workspaceId));
    const by = { invitation: ctx.invitationId, invited_by: taken.by };
    await record(tx, ctx, "member.join", { member: memberId, ...by, token: id, cooling_off_hours: cooling_off });
  });
  return { member_id: memberId, token: secret };
}

/** Opens the browser session of a person who has just joined. The token proves who they are; they can make others. */
export async function signInJoined({ token }: Joined): Promise<SessionClaims> {
  return openSession(await authenticate(token, false), "password");
}

const over = () =>
  new AppError("not_found", "This invitation has been used or has expired.", { reason: "invitation_over" });
