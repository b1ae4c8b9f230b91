import { type PicoUsd, picoOfText } from "@/lib/core/shared/money";
import type { AgentEvent } from "@/lib/core/traces/event";

import { type Price, priceCall } from "./price-call";
import type { PriceTable } from "./table";

export const COST_STATUSES = ["given", "computed", "unpriced", "no_usage", "rollup"] as const;

/** How the cost of an event came about. */
export type CostStatus = (typeof COST_STATUSES)[number];

/** What an event costs: the sender's word where it gives one, ours beside it. */
export type EventCost = {
  readonly status: CostStatus;
  /** What counts; null where nothing is known or it is counted elsewhere. */
  readonly picoUsd: PicoUsd | null;
  readonly givenPicoUsd: PicoUsd | null;
  readonly computed: Price;
};

const NS_PER_MS = 1_000_000n;
const NO_USAGE: Price = { status: "no_usage" };

/** The cost of an event by a workspace's prices. A rollup repeats what is below it, so it has none of its own. */
export function costOfEvent(table: PriceTable, event: AgentEvent, webSearches = 0): EventCost {
  const givenPicoUsd = event.costUsdGiven === null ? null : picoOfText(event.costUsdGiven);
  const computed =
    event.tokens === null && webSearches === 0
      ? NO_USAGE
      : priceCall(table, {
          provider: event.provider,
          model: event.model ?? event.modelRequested,
          at: startOf(event.startNs),
          tokens: event.tokens,
          serviceTier: event.dimensions.serviceTier,
          batch: event.dimensions.batch,
          webSearches,
        });
  if (event.usageRole === "rollup") return { status: "rollup", picoUsd: null, givenPicoUsd, computed };
  if (givenPicoUsd !== null) return { status: "given", picoUsd: givenPicoUsd, givenPicoUsd, computed };
  if (computed.status !== "priced") return { status: computed.status, picoUsd: null, givenPicoUsd, computed };
  return { status: "computed", picoUsd: computed.picoUsd, givenPicoUsd, computed };
}

const startOf = (ns: string) => new Date(/^\d{1,20}$/.test(ns) ? Number(BigInt(ns) / NS_PER_MS) : Number.NaN);
