import fc from "fast-check";
import type { QueryResultRow } from "pg";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

import { Environment, Level } from "@/lib/core/agents/schema";
import { ExecutionState } from "@/lib/core/decisions/execution";
import { Band } from "@/lib/core/decisions/schema";
import { StoredReach } from "@/lib/core/decisions/stored-facts";
import { env } from "@/lib/platform/env";
import { connectOwner } from "@/lib/testing/owner";
import { givenStandingRows, type StandingRows } from "@/lib/testing/standing-rows";

import { questionsOf, type Wanted } from "./batch-questions";
import { batchOf, type OpenedRow, placesIn } from "./batch-standing";
import { BATCH_OPEN, BATCH_WRITE, OUTCOME_OPEN, OUTCOME_WRITE, TOOL_HISTORY } from "./batch-wire";
import { decisionWriters } from "./decision-writers";
import type { OpenOutcome } from "./outcomes";
import { arrayOf, columnsOf, type ElementType } from "./wire";

const writers = decisionWriters({ connectionString: env.DATABASE_URL, most: 1 });
let owner: Awaited<ReturnType<typeof connectOwner>>;
let rows: StandingRows;
beforeAll(async () => {
  owner = await connectOwner();
  rows = await givenStandingRows(owner);
});
afterAll(async () => {
  await writers.close();
  await owner.end();
});

/** A transaction of the decision path that is undone. */
const undone = <T extends QueryResultRow>(
  work: (query: (query: { text: string; values: unknown[] }) => Promise<{ rows: T[] }>) => Promise<T[]>,
) =>
  writers.use(async (writer) => {
    await writer.query("BEGIN");
    try {
      return await work((query) => writer.query<T>(query));
    } finally {
      await writer.query("ROLLBACK");
    }
  });

describe("an array in Postgres' binary format", () => {
  /** What the server makes of a list, element by element, as text. */
  const sent = (type: ElementType, values: readonly unknown[]) =>
    writers.use(async (writer) => {
      const text = `SELECT cardinality(v)::int AS n, v::text[] AS texts FROM (SELECT $1::${type}[]) AS x (v)`;
      const result = await writer.query<{ n: number; texts: (string | null)[] }>({
        text,
        values: [arrayOf(type, values)],
      });
      return result.rows[0];
    });

  // U+0000 is no text to Postgres, and what is half of a pair is no text at all.
  const text = fc.string({ unit: "grapheme", maxLength: 30 }).map((one) => one.replaceAll("\0", "").toWellFormed());
  const KINDS: { readonly [T in ElementType]: readonly [fc.Arbitrary<unknown>, (value: never) => string] } = {
    bool: [fc.boolean(), (value: boolean) => String(value)],
    bytea: [fc.uint8Array({ maxLength: 40 }), (value: Uint8Array) => `\\x${Buffer.from(value).toString("hex")}`],
    int8: [
      fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.maxSafeInteger()),
      (value: bigint | number) => String(value === 0 ? 0 : value),
    ],
    int4: [fc.integer(), (value: number) => String(value === 0 ? 0 : value)],
    text: [text, (value: string) => value],
    uuid: [fc.uuid(), (value: string) => value],
    jsonb: [
      fc.record({ b: text, a: fc.array(fc.option(fc.integer())) }).map((value) => JSON.stringify(value)),
      (value: string) => value,
    ],
  };

  test.each(Object.keys(KINDS) as ElementType[])("of %s arrives with its nulls, in its order", async (type) => {
    const [arbitrary, toText] = KINDS[type];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(arbitrary, { freq: 3 }), { maxLength: 20 }), async (values) => {
        const wanted = values.map((value) => (value === null ? null : toText(value as never)));
        const arrived = await sent(type, values);
        expect(arrived?.n).toBe(values.length);
        const read = (one: string | null) => (one === null || type !== "jsonb" ? one : JSON.parse(one));
        expect(arrived?.texts.map(read)).toEqual(wanted.map(read));
      }),
      { numRuns: 30 },
    );
  });

  test("arrives empty, as one null, as empty texts and with every byte that text can have", async () => {
    expect(await sent("text", [])).toEqual({ n: 0, texts: [] });
    expect(await sent("uuid", [null])).toEqual({ n: 1, texts: [null] });
    expect(await sent("bytea", [new Uint8Array(0)])).toEqual({ n: 1, texts: ["\\x"] });
    const odd = ["", " ", "NULL", "null", "{}", '"', "\\", ",", "\u{1F600}", "ä\u0308", "\u202E", "a\nb\tc\u0001"];
    expect(await sent("text", odd)).toEqual({ n: odd.length, texts: odd });
  });

  test("arrives when it is large: two hundred texts of ten thousand bytes", async () => {
    const large = Array.from({ length: 200 }, (_, index) => `${index}ä`.padEnd(5_000, "ö"));
    const [type, values] = ["jsonb", large.map((one) => JSON.stringify(one))] as const;
    const same = await writers.use((writer) =>
      writer.query<{ n: number; same: boolean }>({
        text: "SELECT cardinality($1::jsonb[])::int AS n, ARRAY(SELECT u #>> '{}' FROM unnest($1::jsonb[]) AS u) = $2::text[] AS same",
        values: [arrayOf(type, values), arrayOf("text", large)],
      }),
    );
    expect(same.rows).toEqual([{ n: 200, same: true }]);
  });

  test("is not made of a UUID that is none, or of a number that does not fit", () => {
    for (const wrong of ["", "not a uuid", "0190", uuidv7().replace("7", "x")])
      expect(() => arrayOf("uuid", [wrong])).toThrow(TypeError);
    expect(() => arrayOf("int4", [2 ** 31])).toThrow(RangeError);
    expect(() => arrayOf("int8", [1.5])).toThrow(RangeError);
    expect(() => arrayOf("int8", [2n ** 63n])).toThrow(RangeError);
  });

  test("is made column by column of rows", () => {
    const columns = columnsOf({ id: "uuid", n: "int4" });
    columns.add({ id: "a", n: 1 });
    columns.add({ id: null, n: 2 });
    expect(columns.lists).toEqual({ p_id: ["a", null], p_n: [1, 2] });
  });
});

describe.each(
  Object.entries({
    batch_open: BATCH_OPEN,
    batch_write: BATCH_WRITE,
    tool_history: TOOL_HISTORY,
    outcome_open: OUTCOME_OPEN,
    outcome_write: OUTCOME_WRITE,
  }),
)("%s", (name, { signature }) => {
  test("is called with the parameters that it has, by name and type", async () => {
    const inDatabase = await owner.query<{ parameter: string; type: string }>(
      `SELECT a.parameter, format_type(a.type, NULL) AS type FROM pg_proc p
       CROSS JOIN LATERAL unnest(p.proargnames, coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes::text[])
         WITH ORDINALITY AS a (parameter, type, mode, place)
       WHERE p.proname = $1 AND p.pronamespace = 'public'::regnamespace AND coalesce(a.mode, 'i') = 'i' ORDER BY a.place`,
      [name],
    );
    const ours = await owner.query<{ parameter: string; type: string }>(
      "SELECT u.parameter, format_type(u.type::regtype, NULL) AS type FROM unnest($1::text[], $2::text[]) AS u (parameter, type)",
      [Object.keys(signature), Object.values(signature)],
    );
    expect(ours.rows.length).toBeGreaterThan(0);
    expect(ours.rows).toEqual(inDatabase.rows);
  });
});

/** A type without its readonly marks and with its parts put together, so that two can be held against each other. */
type Plain<T> = T extends readonly (infer E)[]
  ? Plain<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<T[K]> }
    : T;

const place = z.int().min(1);
const seconds = z.number().min(1_500_000_000);
const count = z.int().min(0);
const Vote = z.strictObject({
  verdict: z.enum(["approve", "deny", "return"]),
  member: z.uuid(),
  person: z.uuid(),
  disabled: z.boolean(),
  roles: z.array(z.string()),
  answersFor: z.array(z.uuid()).min(1),
  tied: z.array(z.uuid()).min(1),
  driLately: z.array(z.uuid()),
});
const Opened = z.strictObject({
  fresh: z.boolean().nullable(),
  moment: z.string().nullable(),
  iso: z.iso.datetime().nullable(),
  seconds: seconds.nullable(),
  today: z.iso.date().nullable(),
  callers: z
    .array(
      z.strictObject({
        place,
        fresh: z.boolean(),
        alive: z.boolean(),
        handle: z.string(),
        level: Level,
        environment: Environment,
        dri: z.uuid(),
      }),
    )
    .nullable(),
  keys: z.array(z.strictObject({ place, decision: z.uuid(), fingerprint: z.string() })).nullable(),
  runs: z
    .array(
      z.strictObject({
        place,
        id: z.uuid(),
        session: z.uuid(),
        state: z.enum(["running", "halted", "ended"]),
        haltedReason: z.string().nullable(),
        steps: count,
        allowed: count,
        asked: count,
        refused: count,
        costMicros: count,
        extraSteps: count,
        extraSeconds: count,
        extraCostMicros: count,
        lastAction: z.string().nullable(),
        sameCalls: count,
        reach: StoredReach,
        startedAt: seconds,
        waited: z.number().min(0),
      }),
    )
    .nullable(),
  failed: z.array(z.strictObject({ place, n: count })).nullable(),
  tallies: z.array(count).nullable(),
  days: z
    .array(z.strictObject({ agent: z.uuid(), costMicros: count, tokens: count, incidents: z.array(z.string()) }))
    .nullable(),
  breakers: z
    .array(
      z.strictObject({
        agent: z.uuid(),
        tool: z.string(),
        failures: count,
        failedAt: seconds,
        trialAt: seconds.nullable(),
      }),
    )
    .nullable(),
  dependencies: z
    .array(
      z.strictObject({
        name: z.string(),
        failures: count,
        agents: count,
        failedAt: seconds,
        trialAt: seconds.nullable(),
        opensAt: count,
        coolDownSeconds: count,
      }),
    )
    .nullable(),
  approvals: z
    .array(
      z.strictObject({
        id: z.uuid(),
        agent: z.uuid(),
        decision: z.uuid(),
        action: z.string(),
        state: z.enum(["waiting", "approved", "denied", "returned", "expired", "withdrawn", "superseded", "consumed"]),
        expiresAt: seconds,
        expiresIso: z.iso.datetime(),
        band: Band,
        quorum: z.int().min(1),
        approverRole: z.string(),
        separationOfDuties: z.boolean(),
        driAtRequest: z.uuid(),
        note: z.string().nullable(),
        actionRef: z.string().nullable(),
        base: z.string().nullable(),
        baseMoved: z.boolean(),
        shown: z.string().nullable(),
        usableAt: seconds.nullable(),
        votes: z.array(Vote).nullable(),
      }),
    )
    .nullable(),
  asking: z
    .array(
      z.strictObject({
        agent: z.uuid(),
        repeatSeconds: count,
        most: z.int().min(1),
        waiting: count,
        since: seconds.nullable(),
        refused: count,
        pausedUntil: seconds.nullable(),
      }),
    )
    .nullable(),
  refusals: z
    .array(z.strictObject({ place, verdict: z.enum(["denied", "returned"]), at: seconds, note: z.string().nullable() }))
    .nullable(),
});

/** Opens a batch of these calls, and undoes it. */
const opened = async (calls: readonly Wanted[], epoch = 1n) => {
  const questions = questionsOf(rows.workspaceId, epoch, calls);
  const [row] = await undone<OpenedRow>(async (query) => (await query(BATCH_OPEN.query(questions.values))).rows);
  if (row === undefined) throw new Error("batch_open returned nothing");
  return { row, questions };
};

describe("the row of batch_open", () => {
  test("has the fields and types that the core reads, in every set", async () => {
    expectTypeOf<Plain<z.output<typeof Opened>>>().toEqualTypeOf<Plain<OpenedRow>>();
    const { row } = await opened([
      rows.wanted(),
      rows.wanted({ action: "action-2", dependency: "shaky.example" }),
      rows.wanted({ approvalId: rows.approved, dependency: null }),
    ]);
    const read = Opened.parse(row);
    expect(
      Object.entries(read).filter(([, part]) => part === null || (Array.isArray(part) && part.length === 0)),
    ).toEqual([]);
    expect(read.callers).toMatchObject([
      { place: 1, fresh: true, alive: true, level: 3, environment: "production", dri: rows.dri },
    ]);
    expect(read.keys).toHaveLength(3);
    expect(read.runs).toMatchObject([
      {
        place: 1,
        id: rows.run,
        session: rows.session,
        steps: 2,
        costMicros: 40,
        extraSteps: 1,
        extraSeconds: 2,
        extraCostMicros: 3,
        sameCalls: 1,
        lastAction: "action-1",
      },
    ]);
    // Two requests that are open for an hour and a halt of a hundred seconds: their union is what the run waited.
    expect(read.runs?.[0]?.waited).toBeGreaterThan(399);
    expect(read.failed).toEqual([
      { place: 1, n: 2 },
      { place: 3, n: 2 },
    ]);
    expect(read.tallies).toEqual([5, 0, 0, 5, 0, 0, 5, 0, 0]);
    expect(read.days).toEqual([{ agent: rows.agent, costMicros: 45, tokens: 45, incidents: ["execution.loop"] }]);
    expect(read.breakers).toMatchObject([{ agent: rows.agent, tool: "tool_a", failures: 2 }]);
    const { trialAt, ...down } = read.dependencies?.find(({ name }) => name === "down.example") ?? {};
    expect(down).toMatchObject({ failures: 10, agents: 1, opensAt: 10, coolDownSeconds: 60 });
    expect(trialAt).toBeGreaterThan(0);
    expect(read.dependencies?.find(({ name }) => name === "shaky.example")).toMatchObject({
      failures: 2,
      trialAt: null,
    });
    const byId = new Map(read.approvals?.map((approval) => [approval.id, approval]));
    expect([...byId.keys()]).toEqual([rows.waiting, rows.approved, rows.moved].toSorted());
    expect(byId.get(rows.waiting)).toMatchObject({ state: "waiting", votes: null, usableAt: null, baseMoved: false });
    expect(byId.get(rows.moved)).toMatchObject({ state: "approved", votes: null, baseMoved: true });
    expect(byId.get(rows.approved)?.votes).toEqual([
      {
        verdict: "approve",
        member: rows.reviewer,
        person: rows.reviewer,
        disabled: false,
        roles: ["reviewer"],
        answersFor: expect.arrayContaining([rows.reviewer, rows.standIn]),
        tied: expect.arrayContaining([rows.reviewer]),
        driLately: [],
      },
    ]);
    expect(read.asking).toMatchObject([{ agent: rows.agent, repeatSeconds: 3_600, most: 10, waiting: 1, refused: 2 }]);
    expect(read.refusals).toMatchObject(
      [1, 2, 3].map((at) => ({ place: at, verdict: "denied", note: "Wrong customer." })),
    );
  });

  test("has null where nothing was asked or nothing stands", async () => {
    const plain = { key: null, tallies: [], daily: null, asks: null, maxSeconds: null };
    const { row } = await opened([rows.wanted({ ...plain, run: "new", session: "new" })]);
    const read = Opened.parse(row);
    expect(read).toMatchObject({
      keys: null,
      failed: null,
      tallies: null,
      days: null,
      approvals: null,
      asking: null,
      refusals: null,
    });
    expect(read.runs).toMatchObject([
      {
        steps: 0,
        lastAction: null,
        haltedReason: null,
        waited: 0,
        reach: { environments: [], hosts: [], domains: [], scopes: [] },
      },
    ]);
  });

  test("locks nothing and says only who calls when the workspace or every caller is stale", async () => {
    for (const [calls, epoch] of [
      [[rows.wanted()], 2n],
      [[rows.wanted({ agentEpoch: 2n })], 1n],
    ] as const) {
      const { row, questions } = await opened(calls, epoch);
      expect(Opened.parse(row)).toMatchObject({ moment: null, runs: null, keys: null });
      expect(batchOf(row)).toBeNull();
      expect(calls.map(placesIn(row, questions))).toEqual([{ status: "stale" }]);
    }
  });
});

const Spend = z.strictObject({
  reserved: count,
  assumed: count,
  settled: count.nullable(),
  named: count.nullable(),
});
const Standing = z.strictObject({
  verdict: z.string(),
  known: z.strictObject({ claimed: z.string(), resultHash: z.string().nullable() }).nullable(),
  execution: ExecutionState.nullable(),
  cost: Spend,
  tokens: Spend,
  run: z.strictObject({
    state: z.enum(["running", "halted", "ended"]),
    costMicros: count,
    failures: count,
    sameCalls: count,
    lastResult: z.string().nullable(),
  }),
  budgets: z.array(
    z.strictObject({
      scope: z.enum(["run", "agent"]),
      metric: z.enum(["cost_micros", "tokens"]),
      limit: count,
      used: count,
      reserved: count,
      overrun: count,
    }),
  ),
});
const Outcome = z.strictObject({
  moment: z.string(),
  iso: z.iso.datetime(),
  handle: z.string(),
  run_id: z.uuid(),
  tool: z.string(),
  action: z.string(),
  day: z.iso.date().nullable(),
  standing: Standing,
});

describe("the row of outcome_open", () => {
  const about = (decision: string) =>
    OUTCOME_OPEN.query({ p_workspace: rows.workspace, p_agent: rows.agent, p_decision: decision });

  test("has the fields and types that settling reads", async () => {
    expectTypeOf<Plain<z.output<typeof Outcome>>>().toEqualTypeOf<Plain<OpenOutcome>>();
    const found = await undone<OpenOutcome>(async (query) => (await query(about(rows.allowed))).rows);
    const read = z.array(Outcome).parse(found);
    expect(read).toMatchObject([
      {
        run_id: rows.run,
        tool: "tool_a",
        action: "action-1",
        standing: {
          verdict: "allow",
          known: null,
          execution: "granted",
          cost: { reserved: 40, assumed: 0, settled: null, named: null },
          tokens: { reserved: 7, assumed: 0, settled: null, named: null },
          run: { state: "running", costMicros: 40, failures: 1, sameCalls: 1, lastResult: "error " },
        },
      },
    ]);
    const budgets = read[0]?.standing.budgets.map(({ scope, metric }) => `${scope} ${metric}`);
    expect(budgets?.toSorted()).toEqual(["agent cost_micros", "agent tokens", "run cost_micros"]);
  });

  test("says what was reported before, and nothing of a call that was not allowed", async () => {
    const [after] = await undone<OpenOutcome>(async (query) => {
      const none = {
        p_entry_id: [],
        p_entry_kind: [],
        p_entry_body: [],
        p_event_id: [],
        p_event_topic: [],
        p_event_payload: [],
        p_rare: null,
      };
      const change = {
        execution: "failed",
        cost: { settled: 1, named: 1 },
        tokens: { settled: 7, named: null },
        budgets: [],
        halt: null,
        run: { costMicros: 1, failures: 2, sameCalls: 0, lastResult: "error h" },
        result: "failure",
      };
      const report = { id: uuidv7(), outcome: "error", claimed: "success", faults: [], result_hash: "h" };
      const [open] = (await query(about(rows.allowed))).rows;
      if (open === undefined) throw new Error("there is such a call");
      await query(
        OUTCOME_WRITE.query({
          ...none,
          p_workspace: rows.workspace,
          p_moment: open.moment,
          p_agent: rows.agent,
          p_run: rows.run,
          p_decision: rows.allowed,
          p_tool: open.tool,
          p_action: open.action,
          p_day: open.day,
          p_report: JSON.stringify(report),
          p_late: null,
          p_change: JSON.stringify(change),
        }),
      );
      return (await query(about(rows.allowed))).rows;
    });
    expect(Outcome.parse(after).standing).toMatchObject({
      known: { claimed: "success", resultHash: "h" },
      execution: "failed",
      cost: { settled: 1, named: 1 },
      tokens: { settled: 7, named: null },
      run: { costMicros: 1, failures: 2, lastResult: "error h" },
    });

    const asked = await undone<OpenOutcome>(async (query) => (await query(about(rows.asking))).rows);
    expect(z.array(Outcome).parse(asked)).toMatchObject([
      { day: null, standing: { verdict: "require_approval", execution: null, cost: { reserved: 0 } } },
    ]);
    expect(await undone(async (query) => (await query(about(uuidv7()))).rows)).toEqual([]);
  });
});
