import "server-only";

import { BASE_TABLE } from "@/lib/core/costs/base-table";
import { knownShare } from "@/lib/core/costs/compare";
import { MOST_OVERRIDES } from "@/lib/core/costs/schema";
import { shownAnswer, type ShownPrices, type UnpricedModel } from "@/lib/core/costs/shown";
import { compilePrices } from "@/lib/core/costs/table";
import { listOverrides } from "@/lib/data/prices";
import { listRepricings } from "@/lib/data/repricings";
import type { AggregateRow } from "@/lib/data/trace-store";

import { requireMember, type ServiceContext } from "../context";
import { traceStore } from "../traces/stores";

const HOUR_MS = 3_600_000;
const DAYS = 30;
const MOST_EARLIER = 50;
const MOST_MODELS = 20;
const MOST_REPRICINGS = 5;

/** The workspace's prices, how much of the last 30 days they cover, and the models that have none. For any member. */
export async function listPrices(ctx: ServiceContext): Promise<ShownPrices> {
  requireMember(ctx);
  const to = new Date(Math.ceil((ctx.now.getTime() + 1) / HOUR_MS) * HOUR_MS);
  const from = new Date(to.getTime() - DAYS * 24 * HOUR_MS);
  const [overrides, earlier, repricings, rows] = await Promise.all([
    listOverrides(ctx.db, ctx.workspaceId, "in_force", MOST_OVERRIDES),
    listOverrides(ctx.db, ctx.workspaceId, "earlier", MOST_EARLIER),
    listRepricings(ctx.db, ctx.workspaceId, MOST_REPRICINGS),
    traceStore.aggregate(ctx.workspaceId, { from, to, by: ["provider", "model"], inWindowOnly: true }),
  ]);
  const { knownTokens, allTokens, percent } = knownShare(rows.flatMap(usages));
  const table = compilePrices(overrides);
  const unpriced = rows.filter(({ measures }) => measures.unpriced !== "0").toSorted(byUnpricedTokens);
  const now = (provider: string, model: string) =>
    shownAnswer(table.ratesFor({ provider: provider || null, model, at: ctx.now, ...PLAIN }));
  return {
    base_table: BASE_TABLE,
    overrides: [...overrides],
    earlier: [...earlier],
    repricings: [...repricings],
    known: { tokens: String(knownTokens), of_tokens: String(allTokens), percent },
    unpriced: unpriced.slice(0, MOST_MODELS).map(
      ({ group: [provider = "", model = ""], measures }): UnpricedModel => ({
        provider,
        model,
        calls: Number(measures.unpriced),
        tokens: measures.unpriced_tokens,
        now: now(provider, model),
      }),
    ),
    unpriced_models: unpriced.length,
  };
}

/** A call of the standard tier with little input. */
const PLAIN = { serviceTier: null, batch: false, inputTokens: 0 };

const usages = ({ measures }: AggregateRow) => [
  { tokens: BigInt(measures.priced_tokens), isKnown: true },
  { tokens: BigInt(measures.unpriced_tokens), isKnown: false },
];

function byUnpricedTokens({ measures: a }: AggregateRow, { measures: b }: AggregateRow): number {
  const more = BigInt(b.unpriced_tokens) - BigInt(a.unpriced_tokens);
  return more === 0n ? Number(b.unpriced) - Number(a.unpriced) : more > 0n ? 1 : -1;
}
