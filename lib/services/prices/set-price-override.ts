import "server-only";

import { v7 as uuidv7 } from "uuid";

import { MOST_OVERRIDES, type PriceOverride, type PriceOverrideInput } from "@/lib/core/costs/schema";
import { asJson } from "@/lib/core/shared/as-json";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { endOverride, insertOverride, listOverridesInForce } from "@/lib/data/prices";
import { findSettings } from "@/lib/data/workspaces";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Gives a model a price of the workspace's own, for calls that arrive from now on. It replaces an override for the same
 * names, tier and beginning.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `conflict` when there are too many
 */
export async function setPriceOverride(ctx: ServiceContext, input: PriceOverrideInput): Promise<{ id: string }> {
  requireRole(ctx, "admin");
  return transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "admin");
    await findSettings(tx, ctx.workspaceId, { lock: true }); // one at a time: two would not see each other's
    const inForce = await listOverridesInForce(tx, ctx.workspaceId);
    const replaced = inForce.filter((other) => keyOf(other) === keyOf(input));
    if (inForce.length - replaced.length >= MOST_OVERRIDES) {
      throw new AppError("conflict", `A workspace has at most ${MOST_OVERRIDES} prices of its own. Remove one first.`, {
        reason: "too_many_prices",
      });
    }
    for (const { id } of replaced) await endOverride(tx, ctx.workspaceId, id, memberId);
    const override: PriceOverride = { ...input, valid_from: new Date(input.valid_from).toISOString(), id: uuidv7() };
    await insertOverride(tx, ctx.workspaceId, override, memberId);
    await record(tx, ctx, "price.set", { override: asJson(override), replaces: replaced.map(({ id }) => id) });
    return { id: override.id };
  });
}

function keyOf({ provider, model, valid_from, service_tier, batch }: PriceOverrideInput): string {
  return JSON.stringify([provider.toLowerCase(), model.toLowerCase(), Date.parse(valid_from), service_tier, batch]);
}
