import "server-only";

import { type PriceAnswer, type PriceLookup, shownAnswer } from "@/lib/core/costs/shown";
import { compilePrices } from "@/lib/core/costs/table";
import { listOverridesInForce } from "@/lib/data/prices";

import { requireMember, type ServiceContext } from "../context";

/** What a call of a model would cost now, or why it would have no price. For any member. */
export async function lookUpPrice(ctx: ServiceContext, lookup: PriceLookup): Promise<PriceAnswer> {
  requireMember(ctx);
  const table = compilePrices(await listOverridesInForce(ctx.db, ctx.workspaceId));
  const answer = table.ratesFor({
    provider: lookup.provider || null,
    model: lookup.model,
    at: ctx.now,
    serviceTier: lookup.service_tier || null,
    batch: lookup.batch,
    inputTokens: lookup.input_tokens,
  });
  return shownAnswer(answer);
}
