import "server-only";

import { randomUUID } from "node:crypto";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { transact, type WorkspaceDb } from "@/lib/data/db";
import { upsertLink, useCode } from "@/lib/data/slack-links";
import { hashSecret } from "@/lib/platform/secret";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/**
 * Links the Slack account that sent a code to the person who read the code on our own page. For `answerSlack`, which has
 * checked that Slack sent it.
 *
 * @returns what the person is told in Slack
 */
export async function linkByCode(
  { workspaceId, db, now }: { readonly workspaceId: WorkspaceId; readonly db: WorkspaceDb; readonly now: Date },
  { code, slackUserId }: { readonly code: string; readonly slackUserId: string },
): Promise<string> {
  const actor = { kind: "system", job: "slack.link" } as const;
  const ctx: ServiceContext = { workspaceId, db, now, requestId: randomUUID(), actor };
  requireSystem(ctx);
  return transact(db, async (tx) => {
    const memberId = await useCode(tx, workspaceId, hashSecret(code));
    if (memberId === null) return "This code is unknown or over. Make a new one in Settings, Notifications.";
    await upsertLink(tx, workspaceId, { memberId, slackUserId, at: now });
    await record(tx, ctx, "member.link_slack", { member: memberId, slack_user: slackUserId, by: "code" });
    return "Linked. You can deny actions from Slack now.";
  });
}
