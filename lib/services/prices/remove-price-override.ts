import "server-only";

import type { RemovePriceOverrideInput } from "@/lib/core/costs/shown";
import { asJson } from "@/lib/core/shared/as-json";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { endOverride } from "@/lib/data/prices";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes a price of the workspace's own out of force. Calls that were priced by it keep their price.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`
 */
export async function removePriceOverride(ctx: ServiceContext, { id }: RemovePriceOverrideInput): Promise<void> {
  requireRole(ctx, "admin");
  await transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "admin");
    const override = await endOverride(tx, ctx.workspaceId, id, memberId);
    if (override === null) throw new AppError("not_found", "There is no such price in force.");
    await record(tx, ctx, "price.remove", { override: asJson(override) });
  });
}
