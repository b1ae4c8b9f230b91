import "server-only";

import { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { disableMemberRow, findMember, lockActiveAdmins, revokeTokensOf } from "@/lib/data/members";
import { closeSignInsOf } from "@/lib/data/sign-ins";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/**
 * Takes a member out: sessions end, tokens stop working and their votes count no more, all at once. Nothing is deleted.
 * Once this answers, no decision is committed by an approval that rests on their vote.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`; `conflict` for oneself and for the last administrator
 */
export async function disableMember(ctx: ServiceContext, input: { readonly member: string }): Promise<void> {
  const actor = requireRole(ctx, "admin");
  const member = await findMember(ctx.db, ctx.workspaceId, input.member);
  if (!member) throw new AppError("not_found", "There is no such member.");
  if (member.id === actor.memberId) {
    throw new AppError("conflict", "You cannot disable yourself. Ask another administrator.", {
      reason: "own_account",
    });
  }
  const memberId = MemberId.parse(member.id);

  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const admins = await lockActiveAdmins(tx, ctx.workspaceId);
    if (admins.every((id) => id === memberId)) {
      throw new AppError("conflict", "This is the last administrator. Add another one first.", {
        reason: "last_admin",
      });
    }
    // Asked again under the lock: the administrator who asks may have been disabled while waiting for it.
    if (!admins.includes(actor.memberId))
      throw new AppError("forbidden", "This needs the admin role.", { reason: "role_missing" });
    const disabled = await disableMemberRow(tx, ctx.workspaceId, memberId);
    if (!disabled) throw new AppError("conflict", "This member is already disabled.", { reason: "already_disabled" });
    const sessions = await closeSignInsOf(tx, ctx.workspaceId, memberId);
    const tokens = await revokeTokensOf(tx, ctx.workspaceId, memberId);
    await record(tx, ctx, "member.disable", { member: memberId, sessions, tokens });
  });
}
