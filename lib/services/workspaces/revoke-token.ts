import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findTokenOwner, revokeTokenRow } from "@/lib/data/members";

import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Makes a personal token useless at once: one's own, or as an administrator anyone's.
 *
 * @throws {AppError} `not_found` when it is unknown or already revoked; `forbidden` for another's without the admin role
 */
export async function revokeToken(ctx: ServiceContext, input: { readonly tokenId: string }): Promise<void> {
  requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    const actor = await requireNow(tx, ctx);
    const owner = await findTokenOwner(tx, ctx.workspaceId, input.tokenId);
    if (!owner) throw new AppError("not_found", "There is no such token, or it has been revoked.");
    if (owner !== actor.memberId) requireRole({ ...ctx, actor }, "admin");
    const revoked = await revokeTokenRow(tx, ctx.workspaceId, input.tokenId);
    if (!revoked) throw new AppError("not_found", "There is no such token, or it has been revoked.");
    await record(tx, ctx, "token.revoke", { token: input.tokenId, member: owner });
  });
}
