import { z } from "zod";

import { divideHalfEven } from "@/lib/core/shared/decimal";
import { usdOfPico } from "@/lib/core/shared/money";

import type { Rates } from "./rates";
import { ShownRepricing } from "./reprice";
import { BUCKETS, type Bucket, PriceOverrideInput, UNPRICED_WHYS, UNPRICED_WORDS } from "./schema";
import type { RateAnswer } from "./table";

/** An override as a workspace has or had it. */
export const ShownOverride = PriceOverrideInput.extend({
  id: z.uuid(),
  created_by: z.string(),
  created_at: z.date(),
  removed_by: z.string().nullable(),
  removed_at: z.date().nullable(),
});
export type ShownOverride = z.infer<typeof ShownOverride>;

/** Which model's price is asked for. */
export const PriceLookup = z.strictObject({
  provider: z.string().trim().max(200).optional(),
  model: z.string().trim().min(1, "Give a model.").max(200, "At most 200 characters."),
  /** Tokens of the whole input, where long input costs more. */
  input_tokens: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
  service_tier: z.string().trim().max(40).optional(),
  batch: z.stringbool().default(false),
});
export type PriceLookup = z.infer<typeof PriceLookup>;

/** What a part of a call costs: dollars per million tokens, or per one request or search. */
export const ShownRate = z.object({ bucket: z.enum(BUCKETS), usd: z.string(), per: z.enum(["mtok", "one"]) });
export type ShownRate = z.infer<typeof ShownRate>;

/** What a model costs now and where that is from, or why it has no price. */
export const PriceAnswer = z.discriminatedUnion("priced", [
  z.object({ priced: z.literal(true), price_ref: z.string(), rates: z.array(ShownRate) }),
  z.object({ priced: z.literal(false), why: z.enum(UNPRICED_WHYS), message: z.string() }),
]);
export type PriceAnswer = z.infer<typeof PriceAnswer>;

/** A model whose calls have no price, with what it used in the last 30 days. */
export const UnpricedModel = z.object({
  /** Empty where the calls do not say. */
  provider: z.string(),
  model: z.string(),
  calls: z.int(),
  tokens: z.string(),
  /** What the model would be priced at if it were called now. */
  now: PriceAnswer,
});
export type UnpricedModel = z.infer<typeof UnpricedModel>;

/** A workspace's prices and how much of its use they cover. */
export const ShownPrices = z.object({
  base_table: z.string(),
  overrides: z.array(ShownOverride),
  /** Overrides that were replaced or removed, latest first. */
  earlier: z.array(ShownOverride),
  /** Of the last 30 days; percent is rounded down and null where no tokens were used. */
  known: z.object({ tokens: z.string(), of_tokens: z.string(), percent: z.int().nullable() }),
  unpriced: z.array(UnpricedModel),
  unpriced_models: z.int(),
  /** The latest repricings of stored calls, newest first. */
  repricings: z.array(ShownRepricing),
});
export type ShownPrices = z.infer<typeof ShownPrices>;

/** Names the override to remove. */
export const RemovePriceOverrideInput = z.strictObject({ id: z.uuid() });
export type RemovePriceOverrideInput = z.infer<typeof RemovePriceOverrideInput>;

const COUNTED_ONE_BY_ONE: ReadonlySet<Bucket> = new Set(["request", "web_search"]);
const MTOK = 1_000_000n;

/** What a table answered, as it is shown. */
export function shownAnswer(answer: RateAnswer): PriceAnswer {
  if (!answer.ok) return { priced: false, why: answer.why, message: UNPRICED_WORDS[answer.why] };
  return { priced: true, price_ref: answer.ref, rates: shownRates(answer.rates) };
}

function shownRates({ perUnit, partsOfPico }: Rates): ShownRate[] {
  return BUCKETS.flatMap((bucket) => {
    const rate = perUnit.get(bucket);
    if (rate === undefined) return [];
    const isOne = COUNTED_ONE_BY_ONE.has(bucket);
    // Times a million before the division: a price per token may be finer than 10^-12 dollars.
    const pico = divideHalfEven(isOne ? rate : rate * MTOK, partsOfPico);
    return [{ bucket, usd: usdOfPico(pico), per: isOne ? ("one" as const) : ("mtok" as const) }];
  });
}
