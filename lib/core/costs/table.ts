import { globMatches, isGlob } from "@/lib/core/manifests/glob";
import { remembered } from "@/lib/core/shared/remembered";

import { BASE_TABLE, type BaseMatch, findBase } from "./base-table";
import { type Multipliers, multipliersFor, tierOf, UNCHANGED } from "./modifiers";
import { providerId } from "./names";
import { type Rates, ratesOf, type Sheet, sheetFor, unitsOf } from "./rates";
import type { PriceOverride, UnpricedWhy } from "./schema";

/** What decides the price of a call, besides its tokens. */
export type PriceQuery = {
  readonly provider: string | null;
  readonly model: string;
  readonly at: Date;
  readonly serviceTier: string | null;
  readonly batch: boolean;
  /** Tokens of the whole input, what came from a cache included. */
  readonly inputTokens: number;
};

export type RateAnswer =
  /** `ref` names what the rates are: `table@version#provider/model#tier`. */
  | { readonly ok: true; readonly rates: Rates; readonly ref: string }
  | { readonly ok: false; readonly why: UnpricedWhy };

/** The prices of a workspace: its overrides in front of the base table. Keep one for as long as the overrides stand. */
export type PriceTable = { readonly ratesFor: (query: PriceQuery) => RateAnswer };

type Override = {
  readonly given: PriceOverride;
  readonly fromMs: number;
  readonly provider: string;
  readonly model: string;
  readonly sheets: readonly Sheet[];
};

const LONGEST_NAME = 200;

/**
 * Makes a table that answers in constant time for what it was asked before.
 *
 * Look-up: the workspace's overrides, exact names before patterns, then the base table as `findBase` goes through it.
 * An override stands for a model by the name that was sent and by the base table's name of the same model.
 */
export function compilePrices(overrides: readonly PriceOverride[]): PriceTable {
  const ordered = overrides.map(compiled).toSorted(byPrecedence);
  const offersOf = remembered((key) => offers(ordered, key));
  const ratesOnce = rateMemory();
  return {
    ratesFor: ({ provider, model, at, serviceTier, batch, inputTokens }) => {
      const ms = at.getTime();
      if (Number.isNaN(ms)) return { ok: false, why: "no_time" };
      if (model.trim() === "") return { ok: false, why: "no_model" };
      if (model.length > LONGEST_NAME) return { ok: false, why: "unknown_model" };
      const offer = offersOf(`${provider ?? ""}\n${model}`);
      const tier = tierOf(serviceTier, batch);
      const own = ownPrice(offer.overrides, ms, tier);
      if (own === null && !offer.base.ok) return offer.base;
      const priced = own === null ? basePrice(offer.base, ms) : overridePrice(own);
      const sheet = sheetFor(priced.sheets, inputTokens);
      if (sheet === undefined || sheet.units.size === 0) return { ok: false, why: "no_rate" };
      const isLong = sheet.above >= 0;
      // A price that was given for the tier is the tier's price. On the standard one a known modifier is applied.
      const multipliers = priced.tier === tier ? UNCHANGED : multipliersFor(offer.seller, offer.model, tier, isLong);
      if (multipliers === null) return { ok: false, why: "unknown_tier" };
      const ref = `${priced.source}#${isLong ? `${tier}>${sheet.above}` : tier}`;
      return { ok: true, rates: ratesOnce(sheet, multipliers), ref };
    },
  };
}

type Priced = { readonly sheets: readonly Sheet[]; readonly tier: string; readonly source: string };

function basePrice(base: BaseMatch, ms: number): Priced {
  if (!base.ok) return { sheets: [], tier: "standard", source: BASE_TABLE };
  const { provider, model, periods } = base.found;
  const sheets = periods.find(({ appliesAt }) => appliesAt(ms))?.sheets ?? [];
  return { sheets, tier: "standard", source: `${BASE_TABLE}#${provider}/${model}` };
}

const overridePrice = ({ given, sheets }: Override): Priced => ({
  sheets,
  tier: tierOf(given.service_tier, given.batch),
  source: `override@${given.id}#${given.provider}/${given.model}`,
});

/** Rates by sheet and multipliers: both are made once and kept, so the pair is remembered by identity. */
function rateMemory(): (sheet: Sheet, multipliers: Multipliers) => Rates {
  const known = new WeakMap<Sheet, Map<Multipliers, Rates>>();
  return (sheet, multipliers) => {
    const bySheet = known.get(sheet) ?? new Map<Multipliers, Rates>();
    known.set(sheet, bySheet);
    const rates = bySheet.get(multipliers) ?? ratesOf(sheet.units, multipliers);
    bySheet.set(multipliers, rates);
    return rates;
  };
}

/** What a table has for a model, whatever the time. `seller` and `model` are the names that modifiers are found by. */
type Offers = {
  readonly overrides: readonly Override[];
  readonly base: BaseMatch;
  readonly seller: string;
  readonly model: string;
};

function offers(overrides: readonly Override[], key: string): Offers {
  const [provider = "", model = ""] = key.split("\n");
  const base = findBase(provider === "" ? null : provider, model);
  const seller = base.ok ? base.found.provider : providerId(provider);
  const name = base.ok ? base.found.model.toLowerCase() : model.trim().toLowerCase();
  const sellers = [provider.trim().toLowerCase(), providerId(provider), seller];
  const names = [model.trim().toLowerCase(), name];
  return {
    base,
    seller,
    model: name,
    overrides: overrides.filter(
      (override) =>
        sellers.some((spelling) => globMatches(override.provider, spelling)) &&
        names.some((spelling) => globMatches(override.model, spelling)),
    ),
  };
}

/** The override in force: one for this very tier before one for the standard tier, else in order of precedence. */
function ownPrice(overrides: readonly Override[], ms: number, tier: string): Override | null {
  const inForce = (wanted: string) =>
    overrides.find(({ given, fromMs }) => fromMs <= ms && tierOf(given.service_tier, given.batch) === wanted);
  return inForce(tier) ?? inForce("standard") ?? null;
}

function compiled(given: PriceOverride): Override {
  const units = unitsOf(given.prices);
  const long = given.long_context;
  const sheets: Sheet[] = [{ above: -1, units }];
  // What the long-context part leaves out costs there what it costs below.
  if (long) sheets.unshift({ above: long.above_tokens, units: new Map([...units, ...unitsOf(long.prices)]) });
  return {
    given,
    fromMs: Date.parse(given.valid_from),
    provider: given.provider.toLowerCase(),
    model: given.model.toLowerCase(),
    sheets,
  };
}

/** Exact before pattern, the model counting more than the provider; then the longer pattern; then the later; then by id. */
function byPrecedence(a: Override, b: Override): number {
  return (
    rank(a) - rank(b) ||
    literals(b) - literals(a) ||
    b.fromMs - a.fromMs ||
    (a.given.id < b.given.id ? -1 : a.given.id > b.given.id ? 1 : 0)
  );
}

const rank = ({ provider, model }: Override) => (isGlob(model) ? 2 : 0) + (isGlob(provider) ? 1 : 0);

const literals = ({ provider, model }: Override) => `${provider}${model}`.replace(/[*?]/g, "").length;
