import { z } from "zod";

import type { AgentStatus, Environment, Level } from "@/lib/core/agents/schema";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** Our answer to a call, loosest first. */
export const VERDICTS = ["allow", "require_approval", "recommend", "deny", "halt"] as const;
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.infer<typeof Verdict>;

/** The stricter of two verdicts. */
export function stricter(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) >= VERDICTS.indexOf(b) ? a : b;
}

/** Arguments: any JSON object. The strict reader has already bounded and vetted it. */
const Args = z.custom<JsonObject>((value) => isJsonObject(value as Json), "must be an object");

const Scalar = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]);

/** Where a piece of context came from, how old it is and whose it is. */
export const CallContext = z.strictObject({
  source: z.string().min(1).max(200),
  as_of: z.iso.datetime({ offset: true }),
  scope: z.record(z.string().max(200), Scalar).default({}),
  doc_ids: z.array(z.string().max(500)).max(1_000).default([]),
});
export type CallContext = z.infer<typeof CallContext>;

const Row = z.record(z.string(), z.unknown());

/**
 * The agent's dry run of the call. Extra keys are kept and shown.
 *
 * `rows`: rows before and after, joined by `key`; `intended` is what the user asked for, to be held against what is
 * selected; `total` counts all affected rows when only some are listed.
 */
export const Effect = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("rows"),
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
  z.looseObject({ kind: z.literal("text"), before: z.string().default(""), after: z.string().default("") }),
  z.looseObject({ kind: z.literal("json"), before: z.unknown().default(null), after: z.unknown().default(null) }),
  z.looseObject({ kind: z.literal("command"), command: z.string().min(1), output: z.string().optional() }),
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

/**
 * What the engine may know besides manifest and catalogue. `null` is "not known" and never loosens an answer.
 *
 * `now` is the time the facts were gathered. `run` is the run as it stood before this call.
 */
export type Facts = {
  readonly now: Date;
  /** `readsOnly` while a workspace that was stopped comes back and nobody has confirmed it yet. */
  readonly workspace: { readonly stopped: boolean; readonly readsOnly: boolean };
  readonly agent: {
    readonly handle: string;
    readonly status: AgentStatus;
    readonly environment: Environment;
    readonly level: Level;
  };
  readonly run: RunFacts | null;
  readonly history: HistoryFacts | null;
};

/** A run as it stood before this call: attempts made, seconds since its first call less time spent waiting for people. */
export type RunFacts = {
  readonly state: "running" | "halted" | "ended";
  readonly steps: number;
  readonly elapsedSeconds: number;
  /** USD in millionths, settled and reserved together. */
  readonly costMicros: number;
  readonly refusals: number;
};

/** This agent's last 30 days with this tool. */
export type HistoryFacts = {
  readonly uses: number;
  readonly rowsP99: number | null;
  readonly approvedThenRolledBack: number;
  readonly approved: number;
};

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

export const Band = z.enum(["low", "elevated", "high", "critical"]);
export type Band = z.infer<typeof Band>;

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

/** The bounds of a run that the commit enforces; `null` is unbounded. */
export type RunBounds = {
  readonly maxSteps: number | null;
  readonly maxWallClockSeconds: number | null;
  readonly maxCostMicros: number | null;
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
  /** USD in millionths to hold for this call if it is allowed. */
  readonly reserveMicros: number;
  /** Terms of the approval to open; present whatever the verdict, used when it is `require_approval`. */
  readonly approval: ApprovalTerms;
};
