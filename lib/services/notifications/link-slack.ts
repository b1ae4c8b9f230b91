import "server-only";

import type { LinkSlackInput } from "@/lib/core/notifications/rota";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findMember } from "@/lib/data/members";
import { deleteLink, upsertLink } from "@/lib/data/slack-links";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Says which person a Slack account is, or that it is nobody's any more.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`
 */
export async function linkSlack(ctx: ServiceContext, input: LinkSlackInput): Promise<void> {
  requireRole(ctx, "admin");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    const member = await findMember(tx, ctx.workspaceId, input.member);
    if (!member) throw new AppError("not_found", "There is no such member.");
    const slackUserId = input.slack_user_id;
    if (slackUserId === "") await deleteLink(tx, ctx.workspaceId, member.id);
    else await upsertLink(tx, ctx.workspaceId, { memberId: member.id, slackUserId, at: ctx.now });
    await record(tx, ctx, "member.link_slack", { member: member.id, slack_user: slackUserId || null, by: "admin" });
  });
}
