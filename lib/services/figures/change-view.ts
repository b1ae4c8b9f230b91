import "server-only";

import { MOST_VIEWS, type ViewChange, type ViewRef } from "@/lib/core/figures/views";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { transact } from "@/lib/data/db";
import { changeSpendView, listSpendViews } from "@/lib/data/spend-views";
import { findSettings } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Renames a view of one's own, shares it with the workspace or takes it back.
 *
 * @throws {AppError} `not_found`; `conflict` where another of the person's views has the name
 */
export async function changeView(ctx: ServiceContext, change: ViewChange & ViewRef): Promise<void> {
  requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx);
    await findSettings(tx, ctx.workspaceId, { lock: true }); // two that take one name would not see each other
    const own = (await listSpendViews(tx, ctx.workspaceId, memberId, MOST_VIEWS)).filter((view) => view.own);
    if (own.some(({ id, name }) => id !== change.id && name === change.name)) {
      throw new AppError("conflict", "You have another view of that name.", { reason: "view_name_taken" });
    }
    const isThere = isUuid(change.id) && (await changeSpendView(tx, ctx.workspaceId, memberId, change));
    if (!isThere) throw new AppError("not_found", "You have no such view.");
    const view = own.find(({ id }) => id === change.id);
    const shared = change.shared ?? view?.shared ?? false;
    const said = shared ? { name: change.name ?? view?.name ?? "" } : {};
    await record(tx, ctx, "view.change", { view: change.id, shared, ...said });
  });
}
