import "server-only";

import { v7 as uuidv7 } from "uuid";

import { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { InviteMemberInput, MemberInput } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { findMember, insertMember } from "@/lib/data/members";
import { findCoolingOffHours } from "@/lib/data/people";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { makeLink, type NewLink } from "./invitation";
import { mailInvitation } from "./mail-invitation";

/** The invited person, and the link with which they set up their account. Only this answer shows it. */
export type Invited = {
  readonly member_id: string;
  readonly email: string;
  readonly invitation_url: string;
  readonly code: string;
  readonly expires_at: string;
  /** Whether the link was mailed to them. */
  readonly mailed: boolean;
};

/**
 * Invites a person. They set their own password with the link, and count as one person with whoever invited them until
 * that has cooled off or an independent person confirms it.
 *
 * @throws {AppError} `forbidden` unless an administrator asks, `conflict` when the address is taken
 */
export async function inviteMember(ctx: ServiceContext, input: InviteMemberInput): Promise<Invited> {
  const { memberId: by } = requireRole(ctx, "admin");
  const id = MemberId.parse(uuidv7());
  const { email, name } = input;
  const roles = [...new Set(input.roles)];

  const link = await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    const member = { id, email, name, roles, passwordHash: null, origin: "invitation", joined: false } as const;
    if (!(await insertMember(tx, ctx.workspaceId, member)))
      throw new AppError("conflict", "There is already a member with this e-mail address.", { reason: "email_taken" });
    const made = await makeLink(tx, ctx.workspaceId, id, by);
    const cooling_off = String(await findCoolingOffHours(tx, ctx.workspaceId));
    await record(tx, ctx, "member.invite", { member: id, roles, invitation: made.id, cooling_off_hours: cooling_off });
    return made;
  });
  return invited(ctx, { id, email, name }, link);
}

/**
 * Makes a new link for a member, in place of the one before: it has expired, or the password is lost. Their password and
 * tokens work until the new link is used.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`; `conflict` for oneself and a disabled member
 */
export async function inviteAgain(ctx: ServiceContext, input: MemberInput): Promise<Invited> {
  const { memberId: by } = requireRole(ctx, "admin");
  const member = await findMember(ctx.db, ctx.workspaceId, input.member);
  if (!member) throw new AppError("not_found", "There is no such member.");
  if (member.id === by)
    throw new AppError("conflict", "Another administrator has to make a link for you.", { reason: "own_account" });
  const id = MemberId.parse(member.id);

  const link = await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    const now = await findMember(tx, ctx.workspaceId, id);
    if (now?.disabled !== false)
      throw new AppError("conflict", "This member is disabled.", { reason: "member_disabled" });
    const made = await makeLink(tx, ctx.workspaceId, id, by);
    const cooling_off = String(await findCoolingOffHours(tx, ctx.workspaceId));
    await record(tx, ctx, "member.invite", {
      member: id,
      again: true,
      invitation: made.id,
      cooling_off_hours: cooling_off,
    });
    return made;
  });
  return invited(ctx, { id, email: member.email, name: member.name }, link);
}

type Whom = { readonly id: string; readonly email: string; readonly name: string };

async function invited(ctx: ServiceContext, whom: Whom, link: NewLink): Promise<Invited> {
  const mailed = await mailInvitation(ctx, whom, link);
  return {
    member_id: whom.id,
    email: whom.email,
    invitation_url: link.url,
    code: link.code,
    expires_at: link.expiresAt.toISOString(),
    mailed,
  };
}
