import "server-only";

import { v7 as uuidv7 } from "uuid";

import { MOST_VIEWS, type SaveViewInput } from "@/lib/core/figures/views";
import { asJson } from "@/lib/core/shared/as-json";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { listSpendViews, upsertSpendView } from "@/lib/data/spend-views";
import { findSettings } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Saves an address of the page of spend under a name, in the place of the person's own view of that name; for any member.
 *
 * @throws {AppError} `conflict` when the person has too many
 */
export async function saveView(ctx: ServiceContext, input: SaveViewInput): Promise<{ id: string }> {
  requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx);
    await findSettings(tx, ctx.workspaceId, { lock: true }); // one at a time: two would not see each other's
    const own = (await listSpendViews(tx, ctx.workspaceId, memberId, MOST_VIEWS)).filter((view) => view.own);
    if (own.length >= MOST_VIEWS && own.every(({ name }) => name !== input.name)) {
      throw new AppError("conflict", `You have ${MOST_VIEWS} views. Remove one first.`, { reason: "too_many_views" });
    }
    const id = await upsertSpendView(tx, ctx.workspaceId, memberId, { ...input, id: uuidv7() });
    // What somebody keeps for themselves alone is not everybody's to read.
    const said = input.shared ? { name: input.name, query: asJson(input.query) } : {};
    await record(tx, ctx, "view.save", { view: id, shared: input.shared, ...said });
    return { id };
  });
}
