import { z } from "zod";

import { Criteria } from "@/lib/core/agents/evidence";
import { AgentOwners, Environment, Level } from "@/lib/core/agents/schema";
import { Call, Verdict } from "@/lib/core/decisions/schema";
import type { RiskFactorName } from "@/lib/core/decisions/risk-weights";
import { AgentHandle } from "@/lib/core/shared/names";
import { isZone } from "@/lib/core/shared/zone";
import { BlastRadius, JsonSchema, Reversibility } from "@/lib/core/tools/schema";

import { Condition } from "./condition-schema";
import { Constraints } from "./constraint-schema";
import { hostPatternFault } from "./host";
import { Count, Name } from "./primitives";
import { Sequence } from "./sequence-schema";
import { strict } from "./strict";
import { WEEKDAYS } from "./window";

const Usd = z.number().min(0).max(1_000_000);
const Share = z.number().min(0).max(1);
const Ttl = z
  .int()
  .min(1)
  .max(366 * 24 * 3_600);

/** Roles a person may need to approve; a `viewer` decides nothing. */
export const ApproverRole = z.enum(["reviewer", "operator", "policy_admin", "admin"]);
export type ApproverRole = z.infer<typeof ApproverRole>;

/** Hours in which a tool may run, by the clock on the wall of `timezone`; past midnight when `to` is before `from`. */
export const TimeWindow = strict({
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional(),
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time such as 09:00"),
  to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "a time such as 17:00"),
  timezone: z.string().max(64).refine(isZone, "must be an IANA time zone such as Europe/Berlin"),
}).refine((window) => window.from !== window.to, { error: "`from` and `to` are the same time", path: ["to"] });
export type TimeWindow = z.infer<typeof TimeWindow>;

const Limits = strict({
  per_run: Count.optional(),
  per_hour: Count.optional(),
  per_day: Count.optional(),
  rows_per_hour: Count.optional(),
});

/** One tool the agent may use, and on what terms. */
export const AllowedTool = strict({
  name: Name,
  scope: z.array(z.string().min(1).max(200)).max(200).optional(),
  constraints: Constraints.optional(),
  when: Condition.optional(),
  args_schema: JsonSchema.optional(),
  result_schema: JsonSchema.optional(),
  ids_only: z.boolean().optional(),
  max_rows: Count.optional(),
  requires_approval: z.boolean().optional(),
  approval_timeout_seconds: z
    .int()
    .min(1)
    .max(30 * 24 * 3_600)
    .optional(),
  auto_deny_on_timeout: z.boolean().optional(),
  quorum: z.int().min(1).max(10).optional(),
  approver_role: ApproverRole.optional(),
  environments: z.array(Environment).max(3).optional(),
  windows: z.array(TimeWindow).min(1).max(20).optional(),
  limits: Limits.optional(),
  sources: z.array(z.string().min(1).max(200)).max(50).optional(),
  reversibility: Reversibility.optional(),
  blast_radius: BlastRadius.optional(),
  rollback: Name.optional(),
  max_level: Level.optional(),
});
export type AllowedTool = z.infer<typeof AllowedTool>;

/**
 * How far one run, and one day, may go. `default_estimate_…` is held while a call runs that does not say what it may
 * spend, of a tool whose usual spending is not known.
 */
export const Execution = strict({
  max_steps: z.int().min(1).max(1_000_000).optional(),
  max_wall_clock_seconds: z
    .int()
    .min(1)
    .max(30 * 24 * 3_600)
    .optional(),
  max_cost_usd: Usd.optional(),
  on_budget_exceeded: z.enum(["halt_and_escalate", "halt"]).optional(),
  max_retries_per_action: z.int().min(0).max(1_000).optional(),
  daily_tokens: z.int().min(0).max(1_000_000_000_000).optional(),
  daily_cost_usd: Usd.optional(),
  warn_at: Share.optional(),
  hard_at: Share.optional(),
  default_estimate_usd: Usd.positive().optional(),
  default_estimate_tokens: z.int().min(1).max(1_000_000_000).optional(),
  circuit_breaker: strict({
    failures: z.int().min(1).max(1_000).optional(),
    cool_down_seconds: Ttl.optional(),
  }).optional(),
  loop: strict({ repeats: z.int().min(2).max(1_000).optional() }).optional(),
});
export type Execution = z.infer<typeof Execution>;

/**
 * A place context comes from, how long it stays fresh and whose it must be.
 *
 * `cross_check` holds the `values` of its entries against those of another source, field by field. `max_change` bounds
 * how far their numbers may move between two accepted readings, as a share of the former. Names beginning `memory.` are
 * kept for the areas of `memory`.
 */
export const ContextSource = strict({
  name: z.string().min(1).max(200),
  ttl_seconds: Ttl.optional(),
  scope_keys: z.array(z.string().min(1).max(200)).max(50).optional(),
  on_stale: z.enum(["error", "refetch"]).optional(),
  cross_check: strict({
    source: z.string().min(1).max(200),
    fields: z.array(z.string().min(1).max(200)).min(1).max(50),
  }).optional(),
  max_change: z.number().positive().max(1_000_000).optional(),
});
export type ContextSource = z.infer<typeof ContextSource>;

const Instant = z.iso.datetime({ offset: true });

/** A time in which nothing may change: from one instant to another, for all tools or those named. */
export const Freeze = strict({
  name: z.string().min(1).max(200),
  from: Instant,
  to: Instant,
  environments: z.array(Environment).min(1).max(3).optional(),
  tools: z.array(Name).min(1).max(200).optional(),
  decide: z.enum(["deny", "require_approval"]),
  except_reads: z.boolean().optional(),
}).refine((freeze) => Date.parse(freeze.from) < Date.parse(freeze.to), {
  error: "`to` must be later than `from`",
  path: ["to"],
});
export type Freeze = z.infer<typeof Freeze>;

/** One pinned case: the verdict this manifest must give to this call. `given` fixes what the engine would look up. */
export const PinnedTest = strict({
  name: z.string().min(1).max(200).optional(),
  given: strict({
    now: z.iso.datetime({ offset: true }).optional(),
    environment: Environment.optional(),
    level: Level.optional(),
    steps: Count.optional(),
    elapsed_seconds: Count.optional(),
    cost_usd: Usd.optional(),
  }).optional(),
  call: strict({
    ...Call.shape,
    session_id: Call.shape.session_id.optional(),
    run_id: Call.shape.run_id.optional(),
  }),
  expect: z.union([
    Verdict,
    strict({
      verdict: Verdict,
      rule: z.string().max(500).nullable().optional(),
      codes: z.array(z.string().max(100)).max(50).optional(),
    }),
  ]),
});
export type PinnedTest = z.infer<typeof PinnedTest>;

const weight = z.int().min(0).max(100).optional();
const Weights = strict({
  reversibility: weight,
  blast_radius: weight,
  environment: weight,
  rows: weight,
  mismatch: weight,
  first_use: weight,
  no_history: weight,
  no_dry_run: weight,
  context_age: weight,
  refusals: weight,
  widened: weight,
  regret: weight,
  amount: weight,
  command: weight,
} satisfies Record<RiskFactorName, typeof weight>);

/** A host an argument may name: exact, or every host under a domain. */
export const HostPattern = z
  .string()
  .max(260)
  .superRefine((pattern, context) => {
    const message = hostPatternFault(pattern);
    if (message !== null) context.addIssue({ code: "custom", message });
  });

/** What an agent may keep, and for how long. */
export const Memory = strict({
  scratchpad: strict({ retain: z.enum(["none", "run", "session"]) }).optional(),
  preferences: strict({ requires_user_approval: z.boolean().optional(), ttl_days: Count.optional() }).optional(),
  log: strict({ retain_days: Count.optional() }).optional(),
});

/**
 * What one agent may do: the whole language of `design.md` §4.
 *
 * A closed language: every object is strict, every list and text is bounded, and what this version does not enforce is
 * refused by `lintManifest` rather than ignored.
 */
export const Manifest = strict({
  agent: strict({ id: AgentHandle, identity: z.string().min(1).max(320).optional() }),
  tools: strict({
    allowed: z.array(AllowedTool).max(1_000).default([]),
    blocked: z.array(Name).max(1_000).default([]),
  }),
  execution: Execution.optional(),
  context: strict({ sources: z.array(ContextSource).max(100) }).optional(),
  sequences: z.array(Sequence).max(100).optional(),
  egress: strict({ allow: z.array(HostPattern).max(500) }).optional(),
  freezes: z.array(Freeze).max(100).optional(),
  // Binds context from the reserved sources memory.scratchpad, memory.preferences and memory.log.
  memory: Memory.optional(),
  approval: strict({
    quorum: z.int().min(1).max(10).optional(),
    separation_of_duties: z.boolean().optional(),
    approver_role: ApproverRole.optional(),
    timeout_seconds: z
      .int()
      .min(1)
      .max(30 * 24 * 3_600)
      .optional(),
    auto_deny_on_timeout: z.boolean().optional(),
  }).optional(),
  risk: strict({ require_approval_at: z.int().min(0).max(100).optional(), weights: Weights.optional() }).optional(),
  autonomy: strict({
    level: Level.optional(),
    promote: strict({ to: Level, criteria: Criteria }).optional(),
    demote: strict({ criteria: Criteria }).optional(),
  }).optional(),
  owners: strict(AgentOwners.shape).optional(),
  tests: z.array(PinnedTest).max(500).optional(),
});
export type Manifest = z.infer<typeof Manifest>;
