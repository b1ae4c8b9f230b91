import "server-only";

import { dependence } from "@/lib/core/people/independence";
import { dependenceText } from "@/lib/core/people/words";
import { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { canConfirmMembers } from "@/lib/core/workspaces/permission";
import type { MemberInput } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { endTies, findPeopleFacts, listActing } from "@/lib/data/people";

import { barrier } from "../barrier";
import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Confirms that the person who joined on an invitation is somebody else than the person who invited them. From then on
 * they count as two. Only a person who is independent of both can say so.
 *
 * @throws {AppError} `forbidden` (`role_missing`, `not_independent`); `not_found`; `conflict` (`own_account`,
 *   `not_joined`, `nothing_to_confirm`)
 */
export async function confirmMember(ctx: ServiceContext, input: MemberInput): Promise<{ readonly member_id: string }> {
  const { memberId: by } = requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const { roles } = await requireNow(tx, ctx);
    if (!canConfirmMembers(roles))
      throw new AppError("forbidden", "A viewer cannot confirm an invitation.", { reason: "role_missing" });
    if (input.member === by)
      throw new AppError("conflict", "Another person has to confirm your invitation.", { reason: "own_account" });
    const members = await listActing(tx, ctx.workspaceId, [by, input.member]);
    const [me, member] = [by, input.member].map((id) => members.find(({ memberId }) => memberId === id));
    if (!me || !member) throw new AppError("not_found", "There is no such member.");
    if (member.joinedAt === null || member.disabled)
      throw new AppError("conflict", `${member.name} has not joined yet.`, { reason: "not_joined" });
    const facts = await findPeopleFacts(tx, ctx.workspaceId, null);
    const ties = facts.ties.filter(({ memberId, kind }) => memberId === member.memberId && kind === "invitation");
    if (ties.length === 0)
      throw new AppError("conflict", "There is nothing to confirm.", { reason: "nothing_to_confirm" });
    // Whoever is independent of the person who joined is so of the one who invited them: those two count as one.
    const found = dependence(me, member, facts);
    if (found !== null) {
      const message = `You cannot confirm this. ${dependenceText(found, facts)}`;
      throw new AppError("forbidden", message, { reason: "not_independent" });
    }
    const id = MemberId.parse(member.memberId);
    await endTies(tx, ctx.workspaceId, id, by, ["invitation"]);
    await record(tx, ctx, "member.confirm", { member: id, invited_by: ties.map(({ byId }) => byId) });
    return { member_id: id };
  });
}
