import fc from "fast-check";

import type { Condition } from "@/lib/core/manifests/condition-schema";
import type { ConstraintValue } from "@/lib/core/manifests/constraint-schema";
import { AllowedTool, Freeze, Manifest } from "@/lib/core/manifests/schema";
import type { Sequence } from "@/lib/core/manifests/sequence-schema";
import { BLAST_RADII, type CatalogueTool, type JsonSchema, REVERSIBILITIES, ToolHints } from "@/lib/core/tools/schema";

import {
  BLOCKED,
  HOSTS,
  NAMES,
  optional,
  present,
  presentEntries,
  seldom,
  SEQUENCE_NAMES,
  some,
  STATUSES,
} from "./arbitrary-world";

const SCHEMAS: readonly JsonSchema[] = [
  { type: "object" },
  {
    type: "object",
    properties: { status: { type: "string", enum: ["open", "closed"] }, id: { type: "string" } },
    required: ["status"],
  },
  {
    type: "object",
    properties: { amount: { type: "number" }, status: {}, statuses: {}, ids: {}, scope: {}, path: {}, note: {} },
    additionalProperties: false,
  },
];
const BROKEN: JsonSchema = { $ref: "http://169.254.169.254/x" };

const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ arg: fc.constant("status"), equals: fc.constantFrom(...STATUSES) }),
  fc.record({ arg: fc.constant("status"), in: some(STATUSES, 1) }),
  fc.record({ arg: fc.constant("amount"), at_most: fc.integer({ min: -5, max: 50 }) }),
  fc.record({ arg: fc.constant("amount"), at_least: fc.integer({ min: -5, max: 50 }), at_most: fc.constant(40) }),
  fc.record({ arg: fc.constant("path"), prefix: fc.constantFrom("/srv/", "/") }),
  fc.record({ arg: fc.constant("ids"), max_items: fc.integer({ min: 0, max: 3 }) }),
);

/** A condition of any shape, a few levels deep. */
export const anyCondition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    comparison,
    fc.record({ all: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("condition") }),
  ),
})).condition;

export const anyConstraints: fc.Arbitrary<Record<string, ConstraintValue>> = fc
  .record({
    allowed_statuses: seldom(some(STATUSES)),
    denied_statuses: seldom(some(STATUSES)),
    max_amount: seldom(fc.integer({ min: 0, max: 50 })),
    min_amount: seldom(fc.integer({ min: -5, max: 10 })),
    max_length_note: seldom(fc.integer({ min: 0, max: 10 })),
    prefix_path: seldom(fc.constantFrom("/srv/", ["/srv/", "/tmp/"])),
    denied_commands: seldom(fc.constant<string[]>(["git push"])),
  })
  .map((constraints) => Object.fromEntries(presentEntries<ConstraintValue>(constraints)));

/** With commands that the manifest names, which gives as well as takes. */
const namingConstraints = anyConstraints.map((constraints) => ({ ...constraints, allowed_commands: ["npm test"] }));

export const anyWindow = fc.record({
  days: optional(
    fc.uniqueArray(fc.constantFrom("mon", "tue", "wed", "thu", "fri", "sat", "sun"), { minLength: 1, maxLength: 7 }),
  ),
  from: fc.constantFrom("09:00", "22:00", "11:00"),
  to: fc.constantFrom("17:00", "04:00", "24:00"),
  timezone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"),
});

/** One entry of `tools.allowed`, with every key this version enforces. */
export const anyEntry = (name: fc.Arbitrary<string> = fc.constantFrom(...NAMES)) =>
  fc
    .record({
      name,
      scope: seldom(some(["a", "b", "c"])),
      constraints: seldom(fc.oneof(anyConstraints, namingConstraints)),
      when: seldom(anyCondition),
      args_schema: seldom(fc.constantFrom(...SCHEMAS, BROKEN), 16),
      ids_only: seldom(fc.boolean()),
      max_rows: seldom(fc.integer({ min: 0, max: 5 })),
      requires_approval: seldom(fc.boolean()),
      quorum: seldom(fc.integer({ min: 1, max: 3 })),
      approval_timeout_seconds: seldom(fc.constantFrom(60, 300)),
      environments: seldom(some(["development", "staging", "production"] as const), 12),
      windows: seldom(fc.array(anyWindow, { minLength: 1, maxLength: 2 }), 12),
      sources: seldom(fc.constantFrom(["crm"], ["kb"], ["crm", "kb"], ["unknown"], ["memory.scratchpad"], [])),
      reversibility: seldom(fc.constantFrom(...REVERSIBILITIES)),
      blast_radius: seldom(fc.constantFrom(...BLAST_RADII)),
      limits: seldom(
        fc
          .record({
            per_run: optional(fc.nat({ max: 3 })),
            per_hour: optional(fc.nat({ max: 3 })),
            per_day: optional(fc.nat({ max: 3 })),
            rows_per_hour: optional(fc.nat({ max: 5 })),
          })
          .map(present),
        6,
      ),
      rollback: seldom(fc.constantFrom(...NAMES), 2),
      max_level: seldom(fc.constantFrom(1, 2, 3, 4)),
    })
    .map((entry) => AllowedTool.parse(present(entry)));

/** A freeze around the time of the small world, or far from it. */
export const anyFreeze = fc
  .record({
    name: fc.constant("holidays"),
    from: fc.constantFrom("2026-04-08T00:00:00Z", "2026-04-10T08:00:00+02:00"),
    to: fc.constantFrom("2026-04-11T00:00:00Z", "2026-04-13T06:30:00Z"),
    environments: optional(some(["development", "staging", "production"] as const, 1)),
    tools: optional(fc.constantFrom(["write_b"], ["*_a", "DROP_D"], ["s*"])),
    decide: fc.constantFrom("deny", "require_approval"),
    except_reads: optional(fc.boolean()),
  })
  .map((freeze) => Freeze.parse(present(freeze)));

export const anyCrossCheck = fc.record({
  source: fc.constantFrom("kb", "crm", "unknown"),
  fields: fc.constantFrom<string[][]>(["balance"], ["balance", "tier"]),
});

export const anyMemory = fc
  .record({
    scratchpad: optional(
      fc.constantFrom<{ retain: "none" | "run" | "session" }[]>(
        { retain: "none" },
        { retain: "run" },
        { retain: "session" },
      ),
    ),
    preferences: optional(
      fc.constantFrom(
        { requires_user_approval: true },
        { ttl_days: 0 },
        { requires_user_approval: false, ttl_days: 1 },
      ),
    ),
    log: optional(fc.constantFrom({ retain_days: 1 })),
  })
  .map(present);

export const anySource = (name: string) =>
  fc
    .record({
      name: fc.constant(name),
      ttl_seconds: optional(fc.constantFrom(60, 600)),
      scope_keys: optional(some(["customer_id"])),
      cross_check: seldom(anyCrossCheck, 3),
      max_change: seldom(fc.constantFrom(0.1, 0.5, 3), 3),
    })
    .map(present);

/** A manifest of the enforced language over the small world. */
export const anyManifest: fc.Arbitrary<Manifest> = fc
  .record({
    agent: fc.constant({ id: "agent" }),
    tools: fc
      .record({ allowed: fc.array(anyEntry(), { minLength: 6, maxLength: 9 }), blocked: seldom(some(BLOCKED)) })
      .map(present),
    execution: optional(
      fc
        .record({
          max_steps: optional(fc.integer({ min: 2, max: 8 })),
          max_wall_clock_seconds: optional(fc.constantFrom(30, 90)),
          max_cost_usd: optional(fc.constantFrom(0, 0.5, 1.5, 1.5, 3)),
          max_retries_per_action: seldom(fc.nat({ max: 3 })),
          daily_tokens: seldom(fc.constantFrom(0, 100, 100_000)),
          daily_cost_usd: seldom(fc.constantFrom(0, 1, 2)),
          hard_at: seldom(fc.constantFrom(0.8, 1)),
          default_estimate_usd: seldom(fc.constantFrom(0.05, 0.2, 2), 3),
          default_estimate_tokens: seldom(fc.constantFrom(10, 200), 3),
          circuit_breaker: seldom(fc.constantFrom({}, { failures: 2 }, { cool_down_seconds: 15 })),
          loop: seldom(fc.constantFrom({}, { repeats: 2 })),
        })
        .map(present),
    ),
    context: seldom(
      fc.tuple(anySource("crm"), anySource("kb")).map((sources) => ({ sources })),
      1,
    ),
    sequences: seldom(fc.uniqueArray(anySequence(), { maxLength: 2, selector: ({ name }) => name }), 3),
    memory: seldom(anyMemory, 6),
    egress: seldom(fc.record({ allow: some(HOSTS) })),
    freezes: seldom(fc.array(anyFreeze, { minLength: 1, maxLength: 2 }), 6),
    risk: seldom(fc.record({ require_approval_at: fc.integer({ min: 10, max: 90 }), weights: anyWeights() }), 3),
  })
  .map((manifest) => Manifest.parse(present(manifest)));

function anySequence(): fc.Arbitrary<Sequence> {
  const tool = fc.constantFrom(...NAMES.slice(0, 4));
  const within = fc.constantFrom("run", "session", "60s", "2h");
  const decide = fc.constantFrom("deny" as const, "require_approval" as const);
  const step = fc.record({ tool, where: optional(comparison) }).map(present);
  const name = fc.constantFrom(...SEQUENCE_NAMES);
  return fc.oneof(
    fc
      .record({
        name,
        after: step,
        then: step,
        bind: optional(fc.constant({ after: "status", then: "status" })),
        within,
        decide,
      })
      .map(present),
    fc
      .record({
        name,
        count: fc.record({ tool, where: optional(comparison), over: fc.nat({ max: 3 }) }).map(present),
        within,
        decide,
      })
      .map(present),
  );
}

function anyWeights() {
  const weight = seldom(fc.integer({ min: 0, max: 40 }));
  return fc
    .record({
      mismatch: weight,
      rows: weight,
      refusals: weight,
      regret: weight,
      no_history: weight,
      context_age: weight,
    })
    .map(present);
}

/** A catalogue of the same world; `ghost` is never in it. */
export const anyCatalogue: fc.Arbitrary<ReadonlyMap<string, CatalogueTool>> = fc
  .tuple(...NAMES.slice(0, 4).map(anyTool))
  .map((tools) => new Map(tools.map((tool) => [tool.name, tool])));

function anyTool(name: string): fc.Arbitrary<CatalogueTool> {
  return fc.record({
    name: fc.constant(name),
    description: fc.constant(""),
    argsSchema: fc.oneof(
      { weight: 40, arbitrary: fc.constant<JsonSchema>({ type: "object" }) },
      { weight: 8, arbitrary: fc.constantFrom(...SCHEMAS) },
      { weight: 1, arbitrary: fc.constant(BROKEN) },
    ),
    resultSchema: fc.constant(null),
    reversibility: fc.constantFrom(...REVERSIBILITIES),
    blastRadius: fc.constantFrom(...BLAST_RADII),
    scopeArgument: fc.constantFrom(null, null, null, "scope"),
    hints: seldom(anyHints(), 5).map((hints) => hints ?? null),
    status: fc.oneof(
      { weight: 15, arbitrary: fc.constant("active" as const) },
      { weight: 1, arbitrary: fc.constant("quarantined" as const) },
    ),
    hash: fc.constant(name),
  });
}

/** What a server may say of its tool. */
export function anyHints(): fc.Arbitrary<ToolHints> {
  const said = optional(fc.boolean());
  return fc
    .record({ readOnlyHint: said, destructiveHint: said, idempotentHint: said, openWorldHint: said })
    .map((hints) => ToolHints.parse(present(hints)));
}
