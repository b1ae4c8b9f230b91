import fc from "fast-check";

import { FIRST_CALL } from "@/lib/core/decisions/bounds";
import { Call, type Facts } from "@/lib/core/decisions/schema";
import type { Json } from "@/lib/core/shared/json";

import { CALLED, NOW, optional, present, presentEntries, seldom, some, STATUSES } from "./arbitrary-world";

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
    estimate: fc.oneof(
      fc.constant(null),
      fc.constantFrom(0, 0.1, 0.1, 0.6).map((usd) => ({ cost_usd: usd })),
    ),
  })
  .map((call) => Call.parse(call));

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
