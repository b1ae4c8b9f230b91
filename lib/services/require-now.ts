import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { Role } from "@/lib/core/workspaces/schema";
import type { Tx } from "@/lib/data/db";
import { shareActor } from "@/lib/data/members";

import { type MemberActor, requireMember, requireRole, type ServiceContext } from "./context";

/**
 * The person who asks, as they are in this transaction: a token or session read before it may belong to somebody who has
 * been disabled or has lost the role since. Their row stays shared until the transaction ends.
 *
 * @throws {AppError} `forbidden` unless they may act now and hold one of these roles; without roles, any will do
 */
export async function requireNow(tx: Tx, ctx: ServiceContext, ...oneOf: readonly Role[]): Promise<MemberActor> {
  const { memberId } = requireMember(ctx);
  const roles = await shareActor(tx, ctx.workspaceId, memberId);
  if (roles === null)
    throw new AppError("forbidden", "Your account is not active any more.", { reason: "member_disabled" });
  const now: MemberActor = { ...requireMember(ctx), roles };
  return oneOf.length === 0 ? now : requireRole({ ...ctx, actor: now }, ...oneOf);
}
