import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { CreateTokenInput } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { insertToken } from "@/lib/data/members";
import { makeSecret } from "@/lib/platform/secret";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

export type CreatedToken = {
  readonly token_id: string;
  readonly member_id: string;
  readonly name: string;
  readonly token: string;
  readonly expires_at: string;
};

/**
 * Makes a personal token for oneself, which only this answer shows. Nobody makes one for somebody else: it would let
 * one person act as two.
 */
export async function createToken(ctx: ServiceContext, input: CreateTokenInput): Promise<CreatedToken> {
  const { memberId } = requireMember(ctx);
  const id = uuidv7();
  const { secret, hash, hint } = makeSecret("ilp_");

  const expiresAt = await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    const at = await insertToken(tx, ctx.workspaceId, { id, memberId, name: input.name, hash, hint, days: input.days });
    await record(tx, ctx, "token.create", { token: id, member: memberId, days: input.days });
    return at;
  });
  return { token_id: id, member_id: memberId, name: input.name, token: secret, expires_at: expiresAt.toISOString() };
}
