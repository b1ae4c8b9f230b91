import { z } from "zod";

/**
 * What a model call is billed by. The token buckets never overlap: `input` is what was neither read from nor written to a
 * cache nor audio, `output` what is neither reasoning nor audio.
 */
export const BUCKETS = [
  "input",
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "audio_in",
  "output",
  "reasoning",
  "audio_out",
  "request",
  "web_search",
] as const;
export type Bucket = (typeof BUCKETS)[number];

const Usd = z
  .string()
  .trim()
  .regex(/^\d{1,6}(?:\.\d{1,12})?$/, "Write the price in dollars, such as 0.40: at most twelve decimals.");

/** Dollars per million tokens, and per one request or search. What is left out falls back as `rates.ts` says. */
export const UnitPrices = z
  .strictObject({
    input_usd_per_mtok: Usd.optional(),
    cache_read_usd_per_mtok: Usd.optional(),
    cache_write_usd_per_mtok: Usd.optional(),
    cache_write_1h_usd_per_mtok: Usd.optional(),
    audio_in_usd_per_mtok: Usd.optional(),
    output_usd_per_mtok: Usd.optional(),
    reasoning_usd_per_mtok: Usd.optional(),
    audio_out_usd_per_mtok: Usd.optional(),
    request_usd: Usd.optional(),
    web_search_usd: Usd.optional(),
  })
  .refine((prices) => Object.values(prices).some((price) => price !== undefined), "Give at least one price.");
export type UnitPrices = z.infer<typeof UnitPrices>;

const Pattern = z
  .string()
  .trim()
  .min(1, "Give a name, or * for any.")
  .max(200, "At most 200 characters.")
  .regex(/^[^\s#]+$/, "Names have no spaces and no #.");

/** The service tier as the sender names it; also the one that a price is for. */
export const ServiceTier = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/, "A tier is a short name, such as priority.");

/** How many prices of its own a workspace may have in force. */
export const MOST_OVERRIDES = 500;

/** A workspace's own price, in front of the base table: for the API and the form alike. */
export const PriceOverrideInput = z.strictObject({
  /** A name or a pattern with `*` and `?`; letters' case makes no difference. */
  provider: Pattern,
  model: Pattern,
  /** From when on calls are priced by it. */
  valid_from: z.iso.datetime({ offset: true }),
  /** The tier it is for; null is the standard one, on which the known modifiers of other tiers are applied. */
  service_tier: ServiceTier.nullable().default(null),
  /** Whether it is for batched calls alone. */
  batch: z.boolean().default(false),
  prices: UnitPrices,
  /** Prices of every token of a call whose whole input has more tokens than `above_tokens`. */
  long_context: z
    .strictObject({ above_tokens: z.int().min(1).max(100_000_000), prices: UnitPrices })
    .nullable()
    .default(null),
});
export type PriceOverrideInput = z.infer<typeof PriceOverrideInput>;

/** A stored override; the id is part of the reference of each price it makes. */
export const PriceOverride = PriceOverrideInput.extend({ id: z.uuid() });
export type PriceOverride = z.infer<typeof PriceOverride>;

/** Why a call has no price. It is never counted as free. */
export const UNPRICED_WHYS = [
  "no_model",
  "unknown_provider",
  "unknown_model",
  "no_rate",
  "unknown_tier",
  "tokens_missing",
  "impossible_tokens",
  "no_time",
] as const;
export type UnpricedWhy = (typeof UNPRICED_WHYS)[number];

/** Each reason in the words of the price page. */
export const UNPRICED_WORDS: Readonly<Record<UnpricedWhy, string>> = {
  no_model: "The call does not say which model it used.",
  unknown_provider: "No price table knows this provider.",
  unknown_model: "No price table knows this model.",
  no_rate: "The table has no price for a part of this call.",
  unknown_tier: "The price of this service tier is not known.",
  tokens_missing: "The call does not say how many tokens it used.",
  impossible_tokens: "The call's token counts are impossible.",
  no_time: "The call does not say when it was, so no dated price applies.",
};
