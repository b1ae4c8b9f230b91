import { findProvider, type ModelInfo, type ModelPrice, type Provider } from "@pydantic/genai-prices";

import { modelNames, providerId } from "./names";
import { type Sheet, unitFrom } from "./rates";
import { BUCKETS, type Bucket } from "./schema";

/** The bundled table and its version, as they stand in the reference of a price. */
export const BASE_TABLE = "genai-prices@0.1.8";

/** One dated or timed set of prices; `appliesAt` asks by milliseconds since 1970. */
export type Period = { readonly appliesAt: (ms: number) => boolean; readonly sheets: readonly Sheet[] };

/** A model of the base table. Of its periods the first that applies counts. */
export type BaseModel = {
  readonly provider: string;
  readonly model: string;
  readonly periods: readonly Period[];
};

export type BaseMatch =
  | { readonly ok: true; readonly found: BaseModel }
  | { readonly ok: false; readonly why: "unknown_provider" | "unknown_model" };

/**
 * The base table's entry for a model, by its own matchers: exactly as sent first, then by the other spellings of the name.
 *
 * @param provider as the sender names it; null looks for who offers a model of that name
 */
export function findBase(provider: string | null, model: string): BaseMatch {
  const names = modelNames(model);
  const stated = provider === null ? undefined : findProvider({ providerId: providerId(provider) });
  if (provider !== null && stated === undefined) return { ok: false, why: "unknown_provider" };
  let isKnown = stated !== undefined;
  for (const name of names) {
    // Without a provider, the one before the slash, else whoever's models have such names.
    const seller =
      stated ??
      (name.prefix === null ? undefined : findProvider({ providerId: providerId(name.prefix) })) ??
      findProvider({ modelId: name.model });
    if (seller === undefined) continue;
    isKnown = true;
    const found = modelOf(seller, name.model);
    if (found !== null) return { ok: true, found: compiled(found.seller, found.model) };
  }
  return { ok: false, why: isKnown ? "unknown_model" : "unknown_provider" };
}

type Offer = { readonly seller: Provider; readonly model: ModelInfo };

function modelOf(seller: Provider, name: string, mayAskOthers = true): Offer | null {
  const model = seller.models.find(({ match }) => matches(match, name));
  if (model !== undefined) return { seller, model };
  if (!mayAskOthers) return null;
  for (const other of seller.fallback_model_providers ?? []) {
    const lender = findProvider({ providerId: other });
    const found = lender === undefined ? null : modelOf(lender, name, false);
    // Whose table it is in is part of the reference, so the lender is named.
    if (found !== null) return found;
  }
  return null;
}

type Match = ModelInfo["match"];

function matches(rule: Match, name: string): boolean {
  if ("or" in rule) return rule.or.some((part) => matches(part, name));
  if ("and" in rule) return rule.and.every((part) => matches(part, name));
  if ("equals" in rule) return name === rule.equals.toLowerCase();
  if ("starts_with" in rule) return name.startsWith(rule.starts_with.toLowerCase());
  if ("ends_with" in rule) return name.endsWith(rule.ends_with.toLowerCase());
  if ("contains" in rule) return name.includes(rule.contains.toLowerCase());
  return new RegExp(rule.regex).test(name);
}

function compiled(seller: Provider, { id, prices }: ModelInfo): BaseModel {
  const isFree = id.toLowerCase().endsWith(":free");
  const dated = Array.isArray(prices) ? prices : [{ prices }];
  // The last one that applies counts; the first, where none does.
  const periods = dated.toReversed().map(({ constraint, prices: at }) => ({
    appliesAt: appliesAt(constraint),
    sheets: sheetsOf(at, isFree),
  }));
  const first = dated[0];
  if (first) periods.push({ appliesAt: () => true, sheets: sheetsOf(first.prices, isFree) });
  return { provider: seller.id, model: id, periods };
}

type Constraint = Exclude<Extract<ModelInfo["prices"], readonly unknown[]>[number]["constraint"], undefined>;

const DAY_MS = 86_400_000;

function appliesAt(constraint: Constraint | undefined): (ms: number) => boolean {
  if (constraint === undefined) return () => true;
  if (constraint.type === "start_date") {
    const from = Date.parse(constraint.start_date);
    return (ms) => ms >= from;
  }
  const from = dayMs(constraint.start_time);
  const to = dayMs(constraint.end_time);
  return (ms) => {
    const at = ((ms % DAY_MS) + DAY_MS) % DAY_MS;
    return to < from ? at >= from || at < to : at >= from && at < to;
  };
}

/** Milliseconds of the UTC day at a time such as `16:30:00Z`. */
const dayMs = (time: string) => ((Date.parse(`1970-01-01T${time}`) % DAY_MS) + DAY_MS) % DAY_MS;

/** The table's names of prices, and the power of ten of what each is the price of. */
const KEYS: readonly (readonly [Bucket, string, number])[] = [
  ["input", "input_mtok", 6],
  ["cache_read", "cache_read_mtok", 6],
  ["cache_write", "cache_write_mtok", 6],
  ["cache_write_1h", "cache_write_1h_mtok", 6],
  ["audio_in", "input_audio_mtok", 6],
  ["output", "output_mtok", 6],
  ["reasoning", "output_reasoning_mtok", 6],
  ["audio_out", "output_audio_mtok", 6],
  ["request", "requests_kcount", 3],
  ["web_search", "web_searches_kcount", 3],
];

/** A `:free` model costs nothing. Any other without prices has none, which is not the same. */
function sheetsOf(prices: ModelPrice, isFree: boolean): readonly Sheet[] {
  if (isFree && Object.keys(prices).length === 0) {
    return [{ above: -1, units: new Map(BUCKETS.map((bucket) => [bucket, 0n])) }];
  }
  const starts = new Set([-1]);
  for (const price of Object.values(prices)) {
    if (typeof price === "object") for (const { start } of price.tiers) starts.add(start);
  }
  return [...starts]
    .toSorted((a, b) => b - a)
    .map((above) => {
      const units = new Map<Bucket, bigint>();
      for (const [bucket, key, power] of KEYS) {
        const price = priceAbove(prices[key], above);
        // The shortest text of the double is the decimal that the table's author wrote.
        const unit = price === undefined ? null : unitFrom(String(price), power);
        if (unit !== null) units.set(bucket, unit);
      }
      return { above, units };
    });
}

function priceAbove(price: ModelPrice[string], above: number): number | undefined {
  if (typeof price !== "object") return price;
  let reached = price.base;
  let from = -1;
  for (const tier of price.tiers) {
    if (tier.start <= above && tier.start > from) [reached, from] = [tier.price, tier.start];
  }
  return reached;
}
