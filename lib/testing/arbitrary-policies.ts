import fc from "fast-check";

import { FIRST_CALL } from "@/lib/core/decisions/bounds";
import { Call, type Facts } from "@/lib/core/decisions/schema";
import type { Condition } from "@/lib/core/manifests/condition-schema";
import { AllowedTool, type ConstraintValue, Manifest } from "@/lib/core/manifests/schema";
import type { Json } from "@/lib/core/shared/json";
import { BLAST_RADII, type CatalogueTool, type JsonSchema, REVERSIBILITIES } from "@/lib/core/tools/schema";

// A small world, so that random manifests and random calls meet: few names, few values, every kind of mistake.

const NAMES = ["read_a", "write_b", "send_c", "drop_d", "ghost"] as const;
const CALLED = [...NAMES, ...NAMES, ...NAMES, ...NAMES, ...NAMES, "Write_B", "wr1te_b", "dr\u043ep_d", "other"] as const;
const BLOCKED = ["drop_d", "send_c", "DROP_D", "send_*", "*_d", "w?ite_b", "nothing"] as const;
const STATUSES = ["open", "closed", "Open", "0pen", 5, true, null] as const;
const HOSTS = ["api.example.com", "*.internal.example", "203.0.113.7"] as const;
const NOW = new Date("2026-04-08T10:00:00Z");

const SCHEMAS: readonly JsonSchema[] = [
  { type: "object" },
  { type: "object", properties: { status: { type: "string", enum: ["open", "closed"] }, id: { type: "string" } }, required: ["status"] },
  {
    type: "object",
    properties: { amount: { type: "number" }, status: {}, statuses: {}, ids: {}, scope: {}, path: {}, note: {} },
    additionalProperties: false,
  },
];
const BROKEN: JsonSchema = { $ref: "http://169.254.169.254/x" };

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const seldom = <T>(arbitrary: fc.Arbitrary<T>, often = 14): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: often, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const some = <T>(items: readonly T[], least = 0) => fc.uniqueArray(fc.constantFrom(...items), { minLength: least, maxLength: 3 });

/** Without the keys that are there and say nothing, as a parsed text would be. */
function present<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T; // the same keys, fewer
}

function presentEntries<V>(object: Record<string, V | undefined>): [string, V][] {
  return Object.entries(object).flatMap(([key, value]): [string, V][] => (value === undefined ? [] : [[key, value]]));
}

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
  })
  .map((constraints) => Object.fromEntries(presentEntries<ConstraintValue>(constraints)));

export const anyWindow = fc.record({
  days: optional(fc.uniqueArray(fc.constantFrom("mon", "tue", "wed", "thu", "fri", "sat", "sun"), { minLength: 1, maxLength: 7 })),
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
      constraints: seldom(anyConstraints),
      when: seldom(anyCondition),
      args_schema: seldom(fc.constantFrom(...SCHEMAS, BROKEN), 16),
      ids_only: seldom(fc.boolean()),
      max_rows: seldom(fc.integer({ min: 0, max: 5 })),
      requires_approval: seldom(fc.boolean()),
      quorum: seldom(fc.integer({ min: 1, max: 3 })),
      approval_timeout_seconds: seldom(fc.constantFrom(60, 300)),
      environments: seldom(some(["development", "staging", "production"] as const), 12),
      windows: seldom(fc.array(anyWindow, { minLength: 1, maxLength: 2 }), 12),
      sources: seldom(fc.constantFrom(["crm"], ["kb"], ["crm", "kb"], ["unknown"], [])),
      reversibility: seldom(fc.constantFrom(...REVERSIBILITIES)),
      blast_radius: seldom(fc.constantFrom(...BLAST_RADII)),
    })
    .map((entry) => AllowedTool.parse(present(entry)));

const anySource = (name: string) =>
  fc
    .record({
      name: fc.constant(name),
      ttl_seconds: optional(fc.constantFrom(60, 600)),
      scope_keys: optional(some(["customer_id"])),
    })
    .map(present);

/** A manifest of the enforced language over the small world. */
export const anyManifest: fc.Arbitrary<Manifest> = fc
  .record({
    agent: fc.constant({ id: "agent" }),
    tools: fc.record({ allowed: fc.array(anyEntry(), { minLength: 6, maxLength: 9 }), blocked: seldom(some(BLOCKED)) }).map(present),
    execution: optional(
      fc
        .record({
          max_steps: optional(fc.integer({ min: 2, max: 8 })),
          max_wall_clock_seconds: optional(fc.constantFrom(30, 90)),
          max_cost_usd: optional(fc.constantFrom(0, 0.5, 1.5, 1.5, 3)),
        })
        .map(present),
    ),
    context: seldom(fc.tuple(anySource("crm"), anySource("kb")).map((sources) => ({ sources })), 1),
    egress: seldom(fc.record({ allow: some(HOSTS) })),
    risk: seldom(fc.record({ require_approval_at: fc.integer({ min: 10, max: 90 }), weights: anyWeights() }), 3),
  })
  .map((manifest) => Manifest.parse(present(manifest)));

function anyWeights() {
  const weight = seldom(fc.integer({ min: 0, max: 40 }));
  return fc.record({ mismatch: weight, rows: weight, refusals: weight, regret: weight, no_history: weight, context_age: weight }).map(present);
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
    status: fc.oneof({ weight: 15, arbitrary: fc.constant("active" as const) }, { weight: 1, arbitrary: fc.constant("quarantined" as const) }),
    hash: fc.constant(name),
  });
}

const wrong: fc.Arbitrary<Json> = fc.constantFrom(null, "", [], {}, -1, true, "x");
const mostly = (arbitrary: fc.Arbitrary<Json>) =>
  fc.option(fc.oneof({ weight: 15, arbitrary }, { weight: 1, arbitrary: wrong }), { nil: undefined, freq: 3 });
const id = fc.constantFrom<Json[]>("r-1", "r_2", 7, "r*", "", { $gt: "" });
const url = fc.constantFrom(
  "https://api.example.com/x",
  "https://evil.example/",
  "https://api.example.com@evil.example/",
  "https://a.internal.example",
  "https://internal.example",
  "http://0313.0.0161.07/",
  "api.example.com",
  "evil.example/x",
);

/** Arguments of the small world: often what tools want, sometimes anything else. */
export const anyArgs: fc.Arbitrary<{ readonly [key: string]: Json }> = fc
  .record({
    status: mostly(fc.constantFrom(...STATUSES)),
    statuses: mostly(fc.array(fc.constantFrom(...STATUSES), { maxLength: 3 })),
    amount: mostly(fc.constantFrom<Json[]>(0, 5, 20, 45, 2_000, 20_000, "20")),
    note: mostly(fc.constantFrom("short", "a longer note \u{1F600}", "see https://evil.example/x")),
    path: mostly(fc.constantFrom("/srv/a", "/srv/../etc", "/tmp/x", "/home")),
    scope: mostly(fc.oneof(some(["a", "b"], 1), some(["a", "b", "z"]), fc.constantFrom("a", "z"))),
    fields: seldom(some(["a", "z"])),
    id: mostly(id),
    ids: mostly(fc.array(id, { maxLength: 4 })),
    where: seldom(fc.constant("x = 1")),
    nested: seldom(fc.constantFrom<Json[]>({ filter: {} }, { id: "r-1" }, [{ id: 1 }, { id: 2 }])),
    url: mostly(url),
  })
  .map((args) => Object.fromEntries(presentEntries<Json>(args)));

const anyContext = fc.array(
  fc.record({
    source: fc.constantFrom("crm", "kb", "unknown", "other"),
    as_of: fc.integer({ min: -120, max: 700 }).map((age) => new Date(NOW.getTime() - age * 1_000).toISOString()),
    scope: fc.constantFrom<Record<string, string | null>[]>({}, { customer_id: "C-1" }, { customer_id: null }),
    doc_ids: fc.constant([]),
  }),
  { maxLength: 4 },
);

const anyEffect = fc.oneof(
  fc.constant(null),
  fc.constant({ kind: "text" as const, before: "", after: "x" }),
  fc
    .record({
      kind: fc.constant("rows" as const),
      before: fc.array(fc.constant({ id: 1 }), { maxLength: 3 }),
      after: fc.constant([]),
      key: fc.constant("id"),
      total: optional(fc.integer({ min: 0, max: 20 })),
      intended: optional(fc.record({ count: fc.integer({ min: 0, max: 5 }) })),
    })
    .map(present),
);

/** A call as it comes out of the reader. */
export const anyCall: fc.Arbitrary<Call> = fc
  .record({
    session_id: fc.constant("s"),
    run_id: fc.constant("r"),
    tool: fc.constantFrom(...CALLED),
    args: anyArgs,
    context: anyContext,
    effect: anyEffect,
    estimate: fc.oneof(fc.constant(null), fc.constantFrom(0, 0.1, 0.1, 0.6).map((usd) => ({ cost_usd: usd }))),
  })
  .map((call) => Call.parse(call));

/** What is known, all of it or less. */
export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  now: fc.oneof(
    fc.constant(NOW),
    fc.integer({ min: 0, max: 7 * 24 * 6 }).map((slots) => new Date(NOW.getTime() + slots * 600_000)),
  ),
  workspace: fc.integer({ min: 0, max: 40 }).map((number) => ({ stopped: number === 7 })),
  agent: fc.record({
    handle: fc.constant("agent"),
    status: fc.integer({ min: 0, max: 40 }).map((number) => (number === 7 ? ("suspended" as const) : ("active" as const))),
    environment: fc.constantFrom("development", "staging", "production"),
    level: fc.constantFrom(1, 2, 3, 4, 4, 4),
  }),
  run: fc.oneof(fc.constant(null), fc.constant(FIRST_CALL), anyRun()),
  history: fc.oneof(fc.constant(null), anyHistory()),
});

function anyRun() {
  return fc.record({
    state: fc.integer({ min: 0, max: 20 }).map((number) => (number === 7 ? ("halted" as const) : ("running" as const))),
    steps: fc.integer({ min: 0, max: 5 }),
    elapsedSeconds: fc.constantFrom(0, 1, 30, 31, 90, 91),
    costMicros: fc.constantFrom(0, 0, 0, 400_000, 500_000, 1_400_000, 1_500_000),
    refusals: fc.integer({ min: 0, max: 4 }),
  });
}

function anyHistory() {
  return fc.record({
    uses: fc.integer({ min: 0, max: 3 }),
    rowsP99: fc.option(fc.integer({ min: 0, max: 4 })),
    approvedThenRolledBack: fc.integer({ min: 0, max: 2 }),
    approved: fc.integer({ min: 2, max: 40 }),
  });
}

