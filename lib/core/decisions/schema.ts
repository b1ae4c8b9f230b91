import { z } from "zod";

import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { BANDS } from "./bands";

/** Our answer to a call, loosest first. */
export const VERDICTS = ["allow", "require_approval", "recommend", "deny", "halt"] as const;
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.infer<typeof Verdict>;

/** How strict a verdict is among the verdicts; `allow` is 0. */
export const strictness = (verdict: Verdict) => VERDICTS.indexOf(verdict);

/** The stricter of two verdicts. */
export function stricter(a: Verdict, b: Verdict): Verdict {
  return strictness(a) >= strictness(b) ? a : b;
}

/** Arguments: any JSON object. The strict reader has already bounded and vetted it. */
const Args = z.custom<JsonObject>((value) => isJsonObject(value as Json), "must be an object");

const Scalar = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]);

const MAX_VALUES = 100;

/** Where a piece of context came from, how old it is, whose it is and, where that is compared, what it says. */
export const CallContext = z.strictObject({
  source: z.string().min(1).max(200),
  as_of: z.iso.datetime({ offset: true }),
  scope: z.record(z.string().max(200), Scalar).default({}),
  doc_ids: z.array(z.string().max(500)).max(1_000).default([]),
  values: z
    .record(z.string().max(200), Scalar)
    .refine((values) => Object.keys(values).length <= MAX_VALUES, `at most ${MAX_VALUES} values`)
    .default({}),
});
export type CallContext = z.infer<typeof CallContext>;

const Row = z.record(z.string(), z.unknown());

/** How a configuration file is written; `text` has no settings, only lines. */
export const CONFIG_FORMATS = ["yaml", "json", "toml", "env", "ini", "text"] as const;
export type ConfigFormat = (typeof CONFIG_FORMATS)[number];

/**
 * The state of the data that a dry run was made on, by any digest the agent can make again. A call that names an
 * approval must bring the same one: what was approved is the effect on this state.
 */
const Base = z.looseObject({
  digest: z.string().min(1).max(200),
  as_of: z.iso.datetime({ offset: true }).optional(),
  rows: z.int().min(0).optional(),
});

/**
 * The agent's dry run of the call. Extra keys are kept and shown.
 *
 * `rows`: rows before and after, joined by `key`; `intended` is what the user asked for, to be held against what is
 * selected; `total` counts all affected rows when only some are listed. `config`: a configuration file, whose settings
 * are compared as well as its lines.
 */
export const Effect = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("rows"),
    base: Base.optional(),
    before: z.array(Row).max(10_000).default([]),
    after: z.array(Row).max(10_000).default([]),
    key: z.string().min(1).max(200).default("id"),
    resource: z.string().max(200).optional(),
    total: z.int().min(0).optional(),
    as_of: z.iso.datetime({ offset: true }).optional(),
    intended: z
      .looseObject({
        description: z.string().max(1_000).optional(),
        keys: z
          .array(z.union([z.string(), z.number()]))
          .max(10_000)
          .optional(),
        count: z.int().min(0).optional(),
      })
      .optional(),
  }),
  z.looseObject({
    kind: z.literal("text"),
    base: Base.optional(),
    before: z.string().default(""),
    after: z.string().default(""),
  }),
  z.looseObject({
    kind: z.literal("json"),
    base: Base.optional(),
    before: z.unknown().default(null),
    after: z.unknown().default(null),
  }),
  z.looseObject({
    kind: z.literal("config"),
    base: Base.optional(),
    format: z.enum(CONFIG_FORMATS),
    path: z.string().max(500).optional(),
    before: z.string().default(""),
    after: z.string().default(""),
  }),
  z.looseObject({
    kind: z.literal("command"),
    base: Base.optional(),
    command: z.string().min(1),
    output: z.string().optional(),
  }),
]);
export type Effect = z.infer<typeof Effect>;

/** What the agent says about itself. Shown last, as plain text, marked unverified; never read by the engine. */
export const Rationale = z.strictObject({
  goal: z.string().max(4_000).optional(),
  reasoning: z.string().max(20_000).optional(),
  alternatives: z.array(z.string().max(4_000)).max(50).optional(),
});
export type Rationale = z.infer<typeof Rationale>;

/** One proposed tool call: the body of `POST /api/v1/decisions`. */
export const Call = z.strictObject({
  session_id: z.string().min(1).max(200),
  run_id: z.string().min(1).max(200),
  call_id: z.string().min(1).max(200).optional(),
  tool: z.string().min(1).max(256),
  args: Args.default({}),
  context: z.array(CallContext).max(100).default([]),
  effect: Effect.nullable().default(null),
  rationale: Rationale.nullable().default(null),
  estimate: z
    .strictObject({
      cost_usd: z.number().min(0).max(1_000_000).optional(),
      tokens: z.int().min(0).max(1_000_000_000).optional(),
    })
    .nullable()
    .default(null),
  approval_id: z.uuid().nullable().default(null),
});
export type Call = z.infer<typeof Call>;

export type {
  AskingFacts,
  DependencyFacts,
  Facts,
  HistoryFacts,
  NamedApprovalFacts,
  RunFacts,
  SourceReading,
  UsualSpend,
} from "./facts";

/** The checks of design §3.1, in order. */
export const CHECKS = [
  "control",
  "blocked",
  "allowed",
  "environment",
  "arguments",
  "constraints",
  "context",
  "bounds",
  "sequences",
  "level",
  "approval",
] as const;
export type CheckName = (typeof CHECKS)[number];

/** One finding. `path` is a JSON pointer: into the call (`/args/status`) for what the caller sent, else into the manifest. */
export const Reason = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string(),
  /** After how long asking again may get another answer, where that is known. */
  retry_after_seconds: z.int().optional(),
});
export type Reason = z.infer<typeof Reason>;

/** What one check found. `verdict` is the least strict verdict this check still permits. */
export const CheckResult = z.object({
  check: z.enum(CHECKS),
  verdict: Verdict,
  /** The manifest place that settled it, as people write it: `tools.allowed[2].requires_approval`. */
  rule: z.string().nullable(),
  reasons: z.array(Reason),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const Band = z.enum(BANDS);
export type Band = z.infer<typeof Band>;

/** Whether a band is as risky as another one, or more. */
export const isAtLeast = (band: Band, least: Band): boolean =>
  Band.options.indexOf(band) >= Band.options.indexOf(least);

export const RiskFactor = z.object({ points: z.int(), why: z.string() });
export type RiskFactor = z.infer<typeof RiskFactor>;

/** 0–100. It orders and gates; it never recommends a verdict. */
export const Risk = z.object({ score: z.int().min(0).max(100), band: Band, factors: z.array(RiskFactor) });
export type Risk = z.infer<typeof Risk>;

/** How the approval that a `require_approval` opens must be run. */
export const ApprovalTerms = z.object({
  timeoutSeconds: z.int().min(1),
  quorum: z.int().min(1).max(10),
  approverRole: z.string(),
  separationOfDuties: z.boolean(),
});
export type ApprovalTerms = z.infer<typeof ApprovalTerms>;

/** Where an amount that a call holds while it runs comes from. */
export const RESERVE_SOURCES = ["estimate", "usual", "default", "share", "none"] as const;
export type ReserveSource = (typeof RESERVE_SOURCES)[number];

/** What a call holds of one metric while it runs: USD in millionths, or tokens. */
export type Reserve = { readonly amount: number; readonly by: ReserveSource };

/** What a call holds of both metrics. */
export type Reserves = { readonly cost: Reserve; readonly tokens: Reserve };

/** The bounds that the commit enforces on the locked row; `null` is unbounded. Daily ones are the agent's, by UTC day. */
export type RunBounds = {
  readonly maxSteps: number | null;
  readonly maxWallClockSeconds: number | null;
  readonly maxCostMicros: number | null;
  readonly maxRetries: number | null;
  readonly loopRepeats: number | null;
  readonly breaker: { readonly failures: number; readonly coolDownSeconds: number } | null;
  readonly dailyCostMicros: number | null;
  readonly dailyTokens: number | null;
  /** From here on people are told, once a day and bound. */
  readonly warnCostMicros: number | null;
  readonly warnTokens: number | null;
  /** What a call holds that does not say what it may spend, where its tool's usual spending is not known. */
  readonly defaultMicros: number | null;
  readonly defaultTokens: number | null;
};

/** What a tally counts over: the run, the session, or all that the agent does. */
export const TALLY_SCOPES = ["run", "session", "agent"] as const;
export type TallyScope = (typeof TALLY_SCOPES)[number];

/**
 * Something an allowed call is counted under, and how much of it there may be: limits and sequences alike.
 *
 * A span is counted in sixtieths, rounded to the strict side: what happened up to a sixtieth too long ago still counts.
 */
export type Tally = {
  readonly key: string;
  readonly scope: TallyScope;
  /** Seconds looked back; null is as long as the scope lasts. */
  readonly spanSeconds: number | null;
  /** What this call wants room for, and what it leaves once it is allowed. */
  readonly asks: number;
  readonly adds: number;
  /** The count, what is asked for included, up to which nothing is said; null is only counted. */
  readonly most: number | null;
  readonly verdict: "require_approval" | "deny";
  readonly rule: string;
  readonly reason: Reason;
};

/** The engine's whole answer to one call. Plain data: equal inputs give equal decisions on every replica. */
export type Decision = {
  readonly verdict: Verdict;
  /** The rule that settled the verdict; null only when nothing granted the call. */
  readonly rule: string | null;
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckResult[];
  readonly risk: Risk;
  readonly bounds: RunBounds;
  /** What to hold for this call if it is allowed. */
  readonly reserves: Reserves;
  readonly isSingleUse: boolean;
  /** What it is counted under; empty when it was refused before that. */
  readonly tallies: readonly Tally[];
  /** Terms of the approval to open; present whatever the verdict, used when it is `require_approval`. */
  readonly approval: ApprovalTerms;
};
