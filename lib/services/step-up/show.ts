import "server-only";

import { listStepUpMembers, stepUpSince } from "@/lib/data/step-up";

import { requireMember, type ServiceContext } from "../context";

/** Since when the person who asks has an authenticator app, and who else has one. */
export async function showStepUp(
  ctx: ServiceContext,
): Promise<{ readonly since: Date | null; readonly members: readonly string[] }> {
  const { memberId } = requireMember(ctx);
  return {
    since: await stepUpSince(ctx.db, ctx.workspaceId, memberId),
    members: await listStepUpMembers(ctx.db, ctx.workspaceId),
  };
}
