import "server-only";

import { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { LinkMembersInput, UnlinkMemberInput } from "@/lib/core/workspaces/person";
import { transact } from "@/lib/data/db";
import { findMember } from "@/lib/data/members";
import { insertTie, linkMemberRows, unlinkMemberRow } from "@/lib/data/people";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Says that two accounts belong to one person: from then on they have one vote, and are kept from approving by what
 * either of them answers for. Once this answers, no decision is committed by an approval that counted them as two.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`; `conflict` for an account with itself
 */
export async function linkMembers(ctx: ServiceContext, input: LinkMembersInput): Promise<void> {
  requireRole(ctx, "admin");
  const [member, same] = [await idOf(ctx, input.member), await idOf(ctx, input.same_as)];
  if (member === same) throw new AppError("conflict", "Choose two accounts.", { reason: "same_account" });
  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "admin");
    await linkMemberRows(tx, ctx.workspaceId, member, same);
    await record(tx, ctx, "member.link", { member, same_as: same });
  });
}

/**
 * Says that an account is its own person again. Until it has cooled off it still counts as one with the others.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `conflict` for one's own; `not_found`
 */
export async function unlinkMember(ctx: ServiceContext, input: UnlinkMemberInput): Promise<void> {
  const actor = requireRole(ctx, "admin");
  const member = await idOf(ctx, input.member);
  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "admin");
    const others = await unlinkMemberRow(tx, ctx.workspaceId, member);
    if (others === null)
      throw new AppError("conflict", "This account is linked to no other.", { reason: "not_linked" });
    // Refused after looking, under the lock: nobody makes two voters of themselves.
    if (member === actor.memberId || others.includes(actor.memberId)) {
      throw new AppError("conflict", "Another administrator has to separate your accounts.", { reason: "own_account" });
    }
    const [other] = others;
    if (other !== undefined)
      await insertTie(tx, ctx.workspaceId, { memberId: member, byId: other, kind: "separation" });
    await record(tx, ctx, "member.unlink", { member, from: [...others] });
  });
}

async function idOf(ctx: ServiceContext, id: string): Promise<MemberId> {
  const member = await findMember(ctx.db, ctx.workspaceId, id);
  if (!member) throw new AppError("not_found", "There is no such member.");
  return MemberId.parse(member.id);
}
