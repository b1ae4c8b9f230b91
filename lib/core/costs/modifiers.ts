import { globMatches } from "@/lib/core/manifests/glob";

import { multiplierOf } from "./rates";
import { BUCKETS, type Bucket } from "./schema";

/**
 * What a service tier or a batch does to the standard price. The base table knows neither, so these rows are ours, each
 * with where it was read.
 */
type PriceModifier = {
  readonly provider: string;
  /** Names as the base table has them. */
  readonly model: string;
  readonly tier: "batch" | "flex" | "priority";
  /** Multiplies every bucket but those in `except`. */
  readonly tokens: string;
  readonly except?: Readonly<Partial<Record<Bucket, string>>>;
  /** False where the provider does not sell the tier past the long-context threshold. */
  readonly longContext: boolean;
  readonly source: string;
};

const OPENAI_PRICING = "https://developers.openai.com/api/docs/pricing";
const OPENAI_PRIORITY = "https://openai.com/api-priority-processing/";
const GOOGLE_TIERS = "https://ai.google.dev/gemini-api/docs/optimization";
const ANTHROPIC_BATCH = "https://platform.claude.com/docs/en/build-with-claude/batch-processing";
const VERTEX_BATCH = "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini";

const priority = (model: string, tokens: string): PriceModifier => ({
  provider: "openai",
  model,
  tier: "priority",
  tokens,
  longContext: false,
  source: OPENAI_PRIORITY,
});

/** The first row that fits counts. */
const MODIFIERS: readonly PriceModifier[] = [
  { provider: "openai", model: "*", tier: "batch", tokens: "0.5", longContext: true, source: OPENAI_PRICING },
  { provider: "openai", model: "*", tier: "flex", tokens: "0.5", longContext: true, source: OPENAI_PRICING },
  priority("gpt-5.5", "2.5"),
  priority("gpt-5.4-mini", "2"),
  priority("gpt-5.4", "2"),
  priority("gpt-5.2", "2"),
  priority("gpt-5.1", "2"),
  priority("gpt-5", "2"),
  priority("gpt-5-mini", "1.8"),
  priority("gpt-4.1", "1.75"),
  priority("gpt-4.1-mini", "1.75"),
  priority("gpt-4o", "1.7"),
  { provider: "anthropic", model: "*", tier: "batch", tokens: "0.5", longContext: true, source: ANTHROPIC_BATCH },
  // The discount of a cache hit takes precedence: it is not halved again.
  {
    provider: "google",
    model: "gemini-*",
    tier: "batch",
    tokens: "0.5",
    except: { cache_read: "1" },
    longContext: true,
    source: VERTEX_BATCH,
  },
  {
    provider: "google",
    model: "gemini-*",
    tier: "flex",
    tokens: "0.5",
    except: { cache_read: "1" },
    longContext: true,
    source: GOOGLE_TIERS,
  },
];

/** What standard processing is called. */
const STANDARD = new Set(["", "standard", "default", "auto", "standard_only", "on_demand"]);

/** The tier a call was billed at; `standard` where it names none. A batch is a tier: providers sell no other within it. */
export function tierOf(serviceTier: string | null, isBatch: boolean): string {
  const named = (serviceTier ?? "").trim().toLowerCase();
  if (isBatch || named === "batch") return "batch";
  return STANDARD.has(named) ? "standard" : named;
}

/** A multiplier a bucket. */
export type Multipliers = ReadonlyMap<Bucket, bigint>;

export const UNCHANGED: Multipliers = new Map();

/** Requests and searches are counted, not processed, so no tier changes their price. */
const FLAT: ReadonlySet<Bucket> = new Set(["request", "web_search"]);

const COMPILED = MODIFIERS.map((row) => ({
  row,
  multipliers: new Map(
    BUCKETS.filter((bucket) => !FLAT.has(bucket)).map((bucket) => [
      bucket,
      multiplierOf(row.except?.[bucket] ?? row.tokens),
    ]),
  ),
}));

/** What a tier does to a model's price; null where nobody told us. */
export function multipliersFor(
  provider: string,
  model: string,
  tier: string,
  isLongContext: boolean,
): Multipliers | null {
  if (tier === "standard") return UNCHANGED;
  const found = COMPILED.find(
    ({ row }) =>
      row.tier === tier &&
      row.provider === provider &&
      globMatches(row.model, model) &&
      (row.longContext || !isLongContext),
  );
  return found?.multipliers ?? null;
}
