import "server-only";

import type { Preferences } from "@/lib/core/notifications/person";
import { transact } from "@/lib/data/db";
import { upsertPreferences } from "@/lib/data/notification-people";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/** Sets how the person who asks wants to be told. */
export async function setPreferences(ctx: ServiceContext, wants: Preferences): Promise<void> {
  const { memberId } = requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    await upsertPreferences(tx, ctx.workspaceId, memberId, wants);
    await record(tx, ctx, "notification.preferences", { member: memberId, channel: wants.channel });
  });
}
