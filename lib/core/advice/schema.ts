import { z } from "zod";

import { requiredNote } from "@/lib/core/shared/note";

/** What advice is about. */
export const ADVICE_KINDS = ["repeated_reads", "rate_limits", "cache_share", "smaller_model"] as const;
export type AdviceKind = (typeof ADVICE_KINDS)[number];

const Count = z.int().min(0);
/** A whole number that may outgrow what a number holds exactly, as decimal text. Money is in trillionths of a dollar. */
const Amount = z.string().regex(/^\d+$/);

const RepeatedReads = z.object({
  kind: z.literal("repeated_reads"),
  agent: z.string(),
  tool: z.string(),
  calls: Count,
  /** Calls that a cache emptied every hour would have answered. */
  repeats: Count,
  /** How many of them were in the run of the call they repeat. */
  within_run: Count,
  runs: Count,
  /** How many of the repeats said what they cost, or their outcome did. */
  priced: Count,
  /** How long the repeats took together. */
  took_ms: Count,
});

/** What refuses calls: the provider of a model, an MCP server, or a tool that names none. */
export const DEPENDENCIES = ["provider", "mcp_server", "tool"] as const;
export type Dependency = (typeof DEPENDENCIES)[number];

const RateLimits = z.object({
  kind: z.literal("rate_limits"),
  of: z.enum(DEPENDENCIES),
  name: z.string(),
  calls: Count,
  refused: Count,
  runs: Count,
  agents: Count,
  error_types: z.array(z.string()),
  /** How many of the refused calls said what they cost. */
  priced: Count,
  took_ms: Count,
});

const CachePeriod = z.object({ calls: Count, input: Amount, cached: Amount });

const CacheShare = z.object({
  kind: z.literal("cache_share"),
  agent: z.string(),
  provider: z.string(),
  model: z.string(),
  now: CachePeriod,
  before: CachePeriod,
  /** Tokens that would have come from the cache if its share had stayed. */
  lost: Amount,
  /** Versions of the agent that called the model in the latter period alone. */
  new_versions: z.array(z.string()),
});

const Runs = z.object({ runs: Count, succeeded: Count });

const SmallerModel = z.object({
  kind: z.literal("smaller_model"),
  agent: z.string(),
  /** The skill that the calls name; null where they name none. */
  skill: z.string().nullable(),
  provider: z.string(),
  model: z.string(),
  calls: Count,
  /** Calls with a short output and a known cost. */
  short: Count,
  /** What those cost, and what their tokens would have cost with the other model. */
  spent: Amount,
  other_spent: Amount,
  ended: Runs,
  other: z.object({ agent: z.string(), provider: z.string(), model: z.string(), ended: Runs }),
});

/** What was measured, by kind of advice. */
export const AdviceFacts = z.discriminatedUnion("kind", [RepeatedReads, RateLimits, CacheShare, SmallerModel]);
export type AdviceFacts = z.infer<typeof AdviceFacts>;
export type FactsOf<K extends AdviceKind> = Extract<AdviceFacts, { kind: K }>;

/** A piece of advice as a detector finds it. */
export type Finding = {
  /** What it is about; the same in every evaluation, so that a dismissal stays with it. */
  readonly subject: readonly string[];
  readonly facts: AdviceFacts;
  /** What was spent needlessly in the window; null where nobody says what it cost. */
  readonly picos: bigint | null;
  /** How many calls it rests on. */
  readonly n: number;
  readonly window: Window;
};

/** The days that were looked at. */
export type Window = { readonly from: Date; readonly to: Date };

/** A dismissal in force, with what the advice was worth then. */
export const Dismissal = z.object({
  id: z.uuid(),
  reason: z.string(),
  by: z.string(),
  at: z.date(),
  month_picos: Amount.nullable(),
  n: Count,
});
export type Dismissal = z.infer<typeof Dismissal>;

/** A piece of advice as it is stored. */
export const StoredAdvice = z.object({
  /** 32 hex digits, the same in every evaluation. */
  id: z.string(),
  facts: AdviceFacts,
  from: z.date(),
  to: z.date(),
  /** What it comes to in 30 days, in trillionths of a dollar; null where nobody says what the calls cost. */
  month_picos: Amount.nullable(),
  n: Count,
  found_at: z.date(),
  /** The last time it was dismissed and not brought back by hand. */
  dismissal: Dismissal.nullable(),
});
export type StoredAdvice = z.infer<typeof StoredAdvice>;

/** Advice as people and programs read it. */
export const ShownAdvice = StoredAdvice.extend({
  state: z.enum(["open", "dismissed", "returned"]),
  what: z.string(),
  /** What the money is, or why it is not known. */
  money: z.string(),
  sure: z.string(),
  change: z.string(),
  /** The runs behind it, as an address in the console. */
  runs_href: z.string(),
});
export type ShownAdvice = z.infer<typeof ShownAdvice>;

/** All advice of a workspace, what is worth most first. */
export const AdviceList = z.object({
  /** When it was last looked for; null before the first time. */
  evaluated_at: z.date().nullable(),
  items: z.array(ShownAdvice),
});
export type AdviceList = z.infer<typeof AdviceList>;

export const AdviceId = z.string().regex(/^[0-9a-f]{32}$/);
export const DismissAdviceInput = z.strictObject({ id: AdviceId, reason: requiredNote(1_000) });
export type DismissAdviceInput = z.infer<typeof DismissAdviceInput>;

export const RestoreAdviceInput = z.strictObject({ id: AdviceId });
export type RestoreAdviceInput = z.infer<typeof RestoreAdviceInput>;
