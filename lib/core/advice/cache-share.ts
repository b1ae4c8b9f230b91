import type { Rates } from "@/lib/core/costs/rates";
import { divideHalfEven } from "@/lib/core/shared/decimal";
import { FEWEST_FOR_RATE } from "@/lib/core/shared/statistics";

import type { FactsOf, Finding } from "./schema";
import type { Windows } from "./windows";

/** What an agent's version asked of a model in one of the two weeks. */
export type CachedCalls = {
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
  readonly version: string;
  readonly week: "now" | "before";
  readonly calls: bigint;
  readonly input: bigint;
  readonly cached: bigint;
};

/** The rates of a model for calls with this much input; null where it has no price. */
export type RatesFor = (provider: string, model: string, inputTokens: number) => Rates | null;

/** The share must have fallen by at least this many points. */
const LEAST_POINTS = 10n;

/** Prompts less of whose input comes from the cache than the week before, by agent and model. */
export function cacheShares(rows: readonly CachedCalls[], ratesFor: RatesFor, windows: Windows): readonly Finding[] {
  const groups = new Map<string, CachedCalls[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.agent, row.provider, row.model]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(row);
  }
  return [...groups.values()].flatMap((group) => {
    const facts = fallOf(group);
    if (facts === null) return [];
    const { agent, provider, model, now, lost } = facts;
    const picos = costOf(BigInt(lost), ratesFor(provider, model, Math.round(Number(now.input) / now.calls)));
    // A model that charges the same for cached tokens loses nothing.
    if (picos !== null && picos <= 0n) return [];
    return [{ subject: ["cache_share", agent, provider, model], facts, picos, n: now.calls, window: windows.now }];
  });
}

function fallOf(group: readonly CachedCalls[]): FactsOf<"cache_share"> | null {
  const [first] = group;
  const now = group.filter(({ week }) => week === "now");
  const before = group.filter(({ week }) => week === "before");
  const [late, early] = [summed(now), summed(before)];
  if (first === undefined || late.calls < FEWEST_FOR_RATE || early.calls < FEWEST_FOR_RATE) return null;
  if (early.input === 0n || late.input === 0n) return null;
  // Both shares over one denominator, so that nothing is rounded before it is compared.
  const fell = early.cached * late.input - late.cached * early.input;
  if (fell * 100n < LEAST_POINTS * early.input * late.input) return null;
  const known = new Set(before.map(({ version }) => version));
  const versions = new Set(
    now.map(({ version }) => version).filter((version) => version !== "" && !known.has(version)),
  );
  return {
    kind: "cache_share",
    agent: first.agent,
    provider: first.provider,
    model: first.model,
    now: textOf(late),
    before: textOf(early),
    lost: String(fell / early.input),
    new_versions: [...versions].sort(),
  };
}

type Sums = { readonly calls: number; readonly input: bigint; readonly cached: bigint };

function summed(rows: readonly CachedCalls[]): Sums {
  const sum = (of: "calls" | "input" | "cached") => rows.reduce((all, row) => all + row[of], 0n);
  return { calls: Number(sum("calls")), input: sum("input"), cached: sum("cached") };
}

const textOf = ({ calls, input, cached }: Sums) => ({ calls, input: String(input), cached: String(cached) });

/** What tokens cost more by being read anew than from the cache. */
function costOf(tokens: bigint, rates: Rates | null): bigint | null {
  const [fresh, cached] = [rates?.perUnit.get("input"), rates?.perUnit.get("cache_read")];
  if (rates === null || fresh === undefined || cached === undefined) return null;
  return divideHalfEven(tokens * (fresh - cached), rates.partsOfPico);
}
