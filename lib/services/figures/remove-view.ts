import "server-only";

import type { ViewRef } from "@/lib/core/figures/views";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { transact } from "@/lib/data/db";
import { deleteSpendView } from "@/lib/data/spend-views";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Removes a view of one's own; an administrator can remove what anybody shares.
 *
 * @throws {AppError} `not_found`
 */
export async function removeView(ctx: ServiceContext, { id }: ViewRef): Promise<void> {
  requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    const { memberId, roles } = await requireNow(tx, ctx);
    const ofAnybody = roles.includes("admin");
    const isGone = isUuid(id) && (await deleteSpendView(tx, ctx.workspaceId, memberId, { id, ofAnybody }));
    if (!isGone) throw new AppError("not_found", "You have no such view.");
    await record(tx, ctx, "view.remove", { view: id });
  });
}
