import fc from "fast-check";

import { FIRST_CALL } from "@/lib/core/decisions/bounds";
import { Call, type Facts } from "@/lib/core/decisions/schema";
import type { Json } from "@/lib/core/shared/json";

import {
  CALLED,
  NAMES,
  NOW,
  optional,
  present,
  presentEntries,
  seldom,
  SEQUENCE_NAMES,
  some,
  STATUSES,
} from "./arbitrary-world";
import { TEST_COMMANDS } from "./reference-commands";

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
    owner: seldom(fc.constantFrom<Json[]>("O-1", "O-2", null, ["O-1"], { $ne: "O-1" }), 4),
    nested: seldom(fc.constantFrom<Json[]>({ filter: {} }, { id: "r-1" }, [{ id: 1 }, { id: 2 }])),
    url: mostly(url),
    command: seldom(fc.constantFrom(...TEST_COMMANDS), 3),
  })
  .map((args) => Object.fromEntries(presentEntries<Json>(args)));

const CUSTOMER = { customer_id: "C-1", owner: "O-1" };

const anyContext = fc.array(
  fc.record({
    source: fc.constantFrom("crm", "crm", "kb", "kb", "unknown", "other", "memory.scratchpad", "memory.preferences"),
    as_of: fc.integer({ min: -120, max: 700 }).map((age) => new Date(NOW.getTime() - age * 1_000).toISOString()),
    scope: fc.constantFrom<Record<string, string | null>[]>(
      {},
      { customer_id: "C-1" },
      { customer_id: null },
      CUSTOMER,
      {
        ...CUSTOMER,
        run_id: "r",
      },
      { run_id: "r-2" },
      { customer_id: "C-2" },
    ),
    doc_ids: fc.constant([]),
    values: fc.constantFrom<Record<string, number | string | boolean>[]>(
      { balance: 100 },
      { balance: 100 },
      { balance: 120, tier: "gold" },
      { balance: 400, user_approved: true },
      { balance: "100" },
      {},
    ),
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
    estimate: fc.oneof(
      fc.constant(null),
      fc.constantFrom(0, 0.1, 0.1, 0.6).map((usd) => ({ cost_usd: usd })),
      fc.constantFrom(0, 90, 200).map((tokens) => ({ tokens })),
    ),
  })
  .map((call) => Call.parse(call));

const NOWHERE = { environments: [], hosts: [], domains: [], scopes: [] };

/** What is known, all of it or less. */
export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  now: fc.oneof(
    fc.constant(NOW),
    fc.integer({ min: 0, max: 7 * 24 * 6 }).map((slots) => new Date(NOW.getTime() + slots * 600_000)),
  ),
  workspace: fc.integer({ min: 0, max: 40 }).map((number) => ({ stopped: number === 7, readsOnly: number === 8 })),
  agent: fc.record({
    handle: fc.constant("agent"),
    status: fc
      .integer({ min: 0, max: 40 })
      .map((number) => (number === 7 ? ("suspended" as const) : ("active" as const))),
    environment: fc.constantFrom("development", "staging", "production"),
    level: fc.constantFrom(1, 2, 3, 4, 4, 4),
  }),
  run: fc.oneof(fc.constant(null), fc.constant(FIRST_CALL), anyRun()),
  history: fc.oneof(fc.constant(null), anyHistory()),
  tallies: fc.oneof(fc.constant(null), anyCounts()),
  reach: fc.oneof(
    fc.constant(null),
    fc.constant(NOWHERE),
    fc.constant({ ...NOWHERE, scopes: ["a"], hosts: ["api.example.com"] }),
  ),
  readings: fc.oneof(fc.constant(null), fc.constant([]), fc.array(anyReading(), { maxLength: 2 })),
  usual: fc.oneof(
    fc.constant(null),
    fc.record({ costMicros: fc.constantFrom(null, 0, 50_000, 600_000), tokens: fc.constantFrom(null, 0, 20) }),
  ),
});

/** A count for everything the small world counts, and now and then for nothing. */
function anyCounts(): fc.Arbitrary<Readonly<Record<string, number>>> {
  const keys = NAMES.flatMap((name) => [
    ...["per_run", "per_hour", "per_day"].map((span) => `calls ${span} ${name}`),
    `rows ${name}`,
  ]);
  const sequences = SEQUENCE_NAMES.flatMap((name) => [
    `count sequences ${name}`,
    ...["any", "unnamed", '="open"', '="closed"', "=5"].map((subject) => `after sequences ${name} ${subject}`),
  ]);
  const counts = [...keys, ...sequences].map((key) => [key, fc.nat({ max: 3 })] as const);
  return fc.oneof(
    { weight: 12, arbitrary: fc.record(Object.fromEntries(counts)) },
    { weight: 1, arbitrary: fc.constant({}) },
  );
}

function anyReading() {
  return fc.record({
    source: fc.constantFrom("crm", "kb"),
    subject: fc.constantFrom<Record<string, string>[]>({}, { customer_id: "C-1" }, { customer_id: "C-2" }),
    values: fc.constantFrom<Record<string, number>[]>({ balance: 100 }, { balance: 110 }, { balance: 0 }, {}),
  });
}

function anyRun() {
  return fc.record({
    state: fc.integer({ min: 0, max: 20 }).map((number) => (number === 7 ? ("halted" as const) : ("running" as const))),
    steps: fc.integer({ min: 0, max: 5 }),
    elapsedSeconds: fc.constantFrom(0, 1, 30, 31, 90, 91),
    costMicros: fc.constantFrom(0, 0, 0, 400_000, 500_000, 1_400_000, 1_500_000),
    refusals: fc.integer({ min: 0, max: 4 }),
    sameCalls: fc.constantFrom(0, 0, 0, 2, 9, 10),
    failures: fc.constantFrom(0, 0, 0, 1, 3, 4),
    breaker: fc.constantFrom(
      FIRST_CALL.breaker,
      FIRST_CALL.breaker,
      { failures: 5, secondsSince: 10, isTrialOut: false },
      { failures: 5, secondsSince: 60, isTrialOut: false },
      { failures: 9, secondsSince: 90, isTrialOut: true },
    ),
    dependency: fc.constantFrom(
      undefined,
      undefined,
      null,
      downSince(9, 0, null),
      downSince(10, 59, null),
      downSince(10, 60, null),
      downSince(12, 90, 30),
      downSince(12, 900, 60),
      downSince(12, 18, null, 1),
    ),
    dayCostMicros: fc.constantFrom(0, 0, 900_000, 1_000_000),
    dayTokens: fc.constantFrom(0, 0, 95, 100),
    extraSteps: fc.constantFrom(0, 0, 2),
    extraSeconds: fc.constant(0),
    extraCostMicros: fc.constantFrom(0, 0, 500_000),
  });
}

function downSince(failures: number, secondsSince: number, trialSecondsAgo: number | null, agents = 3) {
  const limits = { opensAt: 10, coolDownSeconds: 60 };
  return { name: "shared.example", failures, agents, secondsSince, trialSecondsAgo, ...limits };
}

function anyHistory() {
  return fc.record({
    uses: fc.integer({ min: 0, max: 3 }),
    rowsP99: fc.option(fc.integer({ min: 0, max: 4 })),
    approvedThenRolledBack: fc.integer({ min: 0, max: 2 }),
    approved: fc.integer({ min: 2, max: 40 }),
    amountP99: fc.constantFrom(null, 0, 20, 1_000),
    targetSeen: fc.constantFrom(true, false, null),
  });
}
