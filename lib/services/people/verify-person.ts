import "server-only";

import { transact } from "@/lib/data/db";
import { closeInvitationsOf } from "@/lib/data/invitations";
import { findMember, revokeTokensOf, verifyMember } from "@/lib/data/members";
import { endTies, needsVerifying } from "@/lib/data/people";
import { closeSignInsOf } from "@/lib/data/sign-ins";

import { barrier } from "../barrier";
import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/**
 * Notes that the organisation's identity provider knows this person: they are nobody else's second account. Where
 * somebody who invited them could still hold their password or a token, those stop working first.
 */
export async function verifyPerson(ctx: ServiceContext): Promise<void> {
  const { memberId } = requireMember(ctx);
  if (!(await needsVerifying(ctx.db, ctx.workspaceId, memberId))) return;
  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const member = await findMember(tx, ctx.workspaceId, memberId);
    if (!member || member.disabled) return;
    const ended = await endTies(tx, ctx.workspaceId, memberId, null, ["invitation", "credentials"]);
    if (ended > 0) {
      await closeSignInsOf(tx, ctx.workspaceId, memberId);
      await revokeTokensOf(tx, ctx.workspaceId, memberId);
    }
    await closeInvitationsOf(tx, ctx.workspaceId, memberId);
    await verifyMember(tx, ctx.workspaceId, memberId, ended === 0);
    if (ended > 0 || member.joinedAt === null)
      await record(tx, ctx, "member.verify", { member: memberId, joined: member.joinedAt === null, ties_ended: ended });
  });
}
