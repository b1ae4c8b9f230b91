import type { Bucket, UnitPrices } from "./schema";

/** Each part of a call in the words of the price page. */
export const BUCKET_WORDS: Readonly<Record<Bucket, string>> = {
  input: "Input",
  cache_read: "Cached input",
  cache_write: "Cache write",
  cache_write_1h: "Cache write, 1 hour",
  audio_in: "Audio input",
  output: "Output",
  reasoning: "Reasoning",
  audio_out: "Audio output",
  request: "Request",
  web_search: "Web search",
};

export type PriceField = {
  readonly name: keyof UnitPrices;
  readonly label: string;
  /** Whether the price is for a million tokens or for one request or search. */
  readonly per: "mtok" | "one";
};

const field = (bucket: Bucket): PriceField =>
  bucket === "request" || bucket === "web_search"
    ? { name: `${bucket}_usd`, label: BUCKET_WORDS[bucket], per: "one" }
    : { name: `${bucket}_usd_per_mtok`, label: BUCKET_WORDS[bucket], per: "mtok" };

/** The prices that most models have, in the order of their form. */
export const USUAL_PRICES: readonly PriceField[] = [
  field("input"),
  field("output"),
  field("cache_read"),
  field("cache_write"),
];

/** All prices that an override can have, in the order of their form. */
export const PRICE_FIELDS: readonly PriceField[] = [
  ...USUAL_PRICES,
  field("cache_write_1h"),
  field("reasoning"),
  field("audio_in"),
  field("audio_out"),
  field("request"),
  field("web_search"),
];

/** In front of the names of a form's prices for long input. */
export const LONG = "long_";
