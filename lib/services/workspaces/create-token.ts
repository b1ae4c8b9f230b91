import "server-only";

import { v7 as uuidv7 } from "uuid";

import { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { CreateTokenInput } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { findMember, insertToken } from "@/lib/data/members";
import { makeSecret } from "@/lib/platform/secret";

import { type MemberActor, requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";

export type CreatedToken = {
  readonly token_id: string;
  readonly member_id: string;
  readonly name: string;
  readonly token: string;
  readonly expires_at: string;
};

/**
 * Makes a personal token, which only this answer shows: for oneself, or as an administrator for another member.
 *
 * @throws {AppError} `forbidden` for another's token without the admin role, `not_found`, `conflict` for a disabled member
 */
export async function createToken(ctx: ServiceContext, input: CreateTokenInput): Promise<CreatedToken> {
  const actor = requireMember(ctx);
  const memberId = await ownerOf(ctx, actor, input.member);
  const id = uuidv7();
  const { secret, hash, hint } = makeSecret("ilp_");

  const expiresAt = await transact(ctx.db, async (tx) => {
    const at = await insertToken(tx, ctx.workspaceId, { id, memberId, name: input.name, hash, hint, days: input.days });
    await record(tx, ctx, "token.create", { token: id, member: memberId, days: input.days });
    return at;
  });
  return { token_id: id, member_id: memberId, name: input.name, token: secret, expires_at: expiresAt.toISOString() };
}

async function ownerOf(ctx: ServiceContext, actor: MemberActor, wanted: string | undefined): Promise<MemberId> {
  if (wanted === undefined || wanted === actor.memberId) return actor.memberId;
  requireRole(ctx, "admin");
  const member = await findMember(ctx.db, ctx.workspaceId, wanted);
  if (!member) throw new AppError("not_found", "There is no such member.");
  if (member.disabled) throw new AppError("conflict", "This member is disabled.", { reason: "member_disabled" });
  return MemberId.parse(member.id);
}
