import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { migrate } from "@/lib/cli/stack/migrate.mjs";
import { type Explained, explainAll, faultsOf, nodesOf } from "@/lib/testing/explain";
import { connectOwner } from "@/lib/testing/owner";
import { createScratchDatabase, type ScratchDatabase } from "@/lib/testing/scratch-database";
import { fillPast } from "@/lib/testing/past-rows";
import { givenStandingRows, type StandingRows } from "@/lib/testing/standing-rows";

import { questionsOf } from "./batch-questions";
import type { OpenedRow } from "./batch-standing";
import { BATCH_OPEN, BATCH_WRITE, batchColumns, OUTCOME_OPEN, OUTCOME_WRITE, TOOL_HISTORY } from "./batch-wire";
import { decisionWriters, type Writer } from "./decision-writers";
import type { OpenOutcome } from "./outcomes";

const LIMIT_MS = 180_000;
/** More than any statement here may read, and far less than what is stored. */
const MOST = { rows: 40, blocks: 30 };
/** Few enough for a busy machine, and so many that no walk is cheaper than as many look-ups as a list may ask for. */
const SESSIONS = 30_000;
const OTHERS = 2_000;

let scratch: ScratchDatabase;
let owner: Awaited<ReturnType<typeof connectOwner>>;
let rows: StandingRows;
beforeAll(async () => {
  scratch = await createScratchDatabase("plans");
  await migrate(scratch.url);
  owner = await connectOwner(scratch.url);
  await owner.query("SELECT ensure_partitions(1)");
  rows = await givenStandingRows(owner);
}, LIMIT_MS);
afterAll(async () => {
  await owner.end();
  await scratch.drop();
}, LIMIT_MS);

/** Runs every statement of the decision path in a transaction that is undone, with the options of its connections. */
async function explained(): Promise<readonly Explained[]> {
  const writers = decisionWriters({ connectionString: scratch.url, most: 1 });
  try {
    return await writers.use(async (writer) => {
      const taken = await explainAll(writer);
      await writer.query("SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'");
      await writer.query("BEGIN");
      await decideAll(writer);
      await reportAll(writer);
      await writer.query("ROLLBACK");
      return taken().filter(({ "Query Text": text }) => !text.startsWith("DELETE FROM"));
    });
  } finally {
    await writers.close();
  }
}

async function decideAll(writer: Writer): Promise<void> {
  const { workspaceId, agentId: agent, wanted } = rows;
  const calls = [
    wanted(),
    wanted({ approvalId: rows.approved, asks: null }),
    wanted({ session: "new", run: "new", action: "action-2" }),
  ];
  const { values } = questionsOf(workspaceId, 1n, calls);
  const history = { p_workspace: workspaceId, p_agent: [agent], p_tool: ["tool_a"], p_target: ["target"] };
  // A day's budget is made when it is first needed.
  await writer.query("SET ROLE NONE");
  await writer.query({ text: "DELETE FROM budgets WHERE scope_id = $1 AND metric = 'tokens'", values: [agent] });
  await writer.query("SET ROLE interlock_app");
  const opened = await writer.query<OpenedRow>(BATCH_OPEN.query(values));
  const { moment: p_moment = null, today: p_today = null, runs } = opened.rows[0] ?? {};
  expect(runs).toHaveLength(2);
  await writer.query(TOOL_HISTORY.query(history));
  const written = writtenRows(String(p_today));
  await writer.query(BATCH_WRITE.query({ ...written, p_workspace: workspaceId, p_moment, p_today }));
}

/** A decision that uses an approval, and everything that any decision can leave behind. */
function writtenRows(today: string) {
  const { agentId: agent, session, run, workspace } = rows;
  const { decisions, entries, events, allowed, runs, budgets, days, tallies } = batchColumns();
  const [id, opened, incident, stop] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const version = { manifest_version: 1, manifest_hash: "m", guardrail_version: null, guardrail_hash: null };
  const said = { reasons: "[]", checks: "[]", risk: "{}", facts: "{}", remaining: "{}", call: "{}" };
  const about = {
    agent,
    session,
    run,
    credential: rows.credential,
    tool: "tool_a",
    tool_hash: "h",
    action: "action-2",
  };
  decisions.add({
    id,
    ...about,
    ...said,
    ...version,
    call_id: "",
    step: 3,
    salt: Buffer.of(1),
    verdict: "allow",
    rule: null,
    approval: rows.approved,
    reserved: 1,
    receipt: null,
    trace: null,
    parent_span: null,
  });
  entries.add({ entry_id: id, entry_kind: "decision", entry_body: "{}" });
  events.add({ event_id: id, event_topic: "decision.made", event_payload: "{}" });
  allowed.add({
    allowed_id: id,
    allowed_approval: rows.approved,
    allowed_action: "action-2",
    allowed_micros: 1,
    allowed_tokens: 1,
    allowed_micros_assumed: 1,
    allowed_tokens_assumed: 1,
    allowed_dependency: "down.example",
  });
  runs.add({
    run_id: run,
    run_state: "halted",
    run_halted: "test",
    run_steps: 3,
    run_allowed: 2,
    run_asked: 1,
    run_refused: 0,
    run_cost: 41,
    run_action: "action-2",
    run_same: 1,
    run_reach: "null",
  });
  budgets.add({ budget_run: run, budget_limit: 1_000_000, budget_used: 40, budget_held: 1 });
  days.add({ day_agent: agent, day_metric: "cost_micros", day_limit: 1_000_000, day_held: 1 });
  tallies.add({ tally_scope: agent, tally_key: "tally-2", tally_span: 3_600, tally_n: 1 });
  const at = new Date().toISOString();
  const rare = {
    settled: [{ id: rows.waiting, state: "superseded", superseded_by: opened, settled_at: at }],
    opened: [
      {
        id: opened,
        agent_id: agent,
        session_id: session,
        run_id: run,
        decision_id: id,
        tool: "tool_a",
        action_digest: "action-1",
        manifest_version: 1,
        state: "waiting",
        display: {},
        display_digest: "d",
        score: 1,
        band: "low",
        quorum: 1,
        approver_role: "reviewer",
        separation_of_duties: true,
        dri_at_request: rows.dri,
        expires_at: at,
        args_digest: "a",
        shape_digest: "s",
      },
    ],
    moved: [{ id: rows.moved }],
    used: [{ id: rows.approved, decision: id }],
    floods: [{ agent_id: agent, since: at, refused: 1, paused_until: null }],
    trials: [{ agent, tool: "tool_a" }],
    dependency_trials: [{ dependency: "down.example" }],
    dependency_refusals: [{ dependency: "down.example", refused: 1 }],
    stops: [{ id: stop, target_id: run, reason: "test", decision_id: id }],
    incidents: [
      {
        id: incident,
        agent_id: agent,
        run_id: run,
        decision_id: id,
        stop_id: stop,
        class: "runaway_execution",
        rule: `r ${today} ${workspace}`,
        title: "t",
      },
    ],
  };
  return {
    ...decisions.lists,
    ...entries.lists,
    ...events.lists,
    ...allowed.lists,
    ...runs.lists,
    ...budgets.lists,
    ...days.lists,
    ...tallies.lists,
    p_rare: JSON.stringify(rare),
  };
}

async function reportAll(writer: Writer): Promise<void> {
  const about = { p_workspace: rows.workspace, p_agent: rows.agent, p_decision: rows.allowed };
  const opened = await writer.query<OpenOutcome>(OUTCOME_OPEN.query(about));
  const [open] = opened.rows;
  if (open === undefined) throw new Error("the call was allowed");
  for (const result of ["failure", "success"]) {
    const { entries, events } = batchColumns();
    entries.add({ entry_id: uuidv7(), entry_kind: "outcome", entry_body: "{}" });
    events.add({ event_id: uuidv7(), event_topic: "outcome.reported", event_payload: "{}" });
    const budgets = [
      { scope: "run", metric: "cost_micros", used: 1, reserved: 1, overrun: 0 },
      { scope: "agent", metric: "cost_micros", used: 1, reserved: 1, overrun: 0 },
    ];
    const change = {
      execution: "failed",
      cost: { settled: 1, named: null },
      tokens: { settled: 1, named: 1 },
      budgets,
      halt: null,
      result,
      run: { costMicros: 1, failures: 1, sameCalls: 0, lastResult: "error" },
    };
    const report = { id: uuidv7(), outcome: "error", claimed: "error", faults: [] };
    if (result === "success") {
      await writer.query("SET ROLE NONE");
      await writer.query({ text: "DELETE FROM outcomes WHERE decision_id = $1", values: [rows.allowed] });
      await writer.query("SET ROLE interlock_app");
    }
    const { moment: p_moment, run_id: p_run, tool: p_tool, action: p_action, day: p_day } = open;
    await writer.query(
      OUTCOME_WRITE.query({
        ...about,
        ...entries.lists,
        ...events.lists,
        p_moment,
        p_run,
        p_tool,
        p_action,
        p_day,
        p_report: JSON.stringify(report),
        p_late: JSON.stringify({ id: uuidv7(), tokens: 1 }),
        p_change: JSON.stringify(change),
        p_rare: null,
      }),
    );
  }
}

/** Every table that a statement of the decision path reads or writes. */
const TABLES = [
  "agents",
  "approvals",
  "breakers",
  "budgets",
  "credentials",
  "decisions",
  "delegations",
  "dependency_breakers",
  "dependency_hours",
  "executions",
  "floods",
  "grants",
  "idempotency_keys",
  "incidents",
  "late_costs",
  "ledger_entries",
  "ledger_pending",
  "members",
  "outbox",
  "outcomes",
  "regrets",
  "runs",
  "sessions",
  "stops",
  "tallies",
  "tool_sizes",
  "tool_targets",
  "tool_usage",
  "votes",
  "workspace_controls",
  "workspaces",
];

describe("every statement of the decision path finds its rows by an index", () => {
  test(
    "on a database that is new",
    async () => {
      const plans = await explained();
      const tables = new Set(plans.flatMap(({ Plan: plan }) => nodesOf(plan).map((node) => node["Relation Name"])));
      expect(TABLES.filter((table) => !tables.has(table))).toEqual([]);
      // Of nearly empty tables, a walk of an index is as good as a look-up.
      expect(faultsOf(plans, MOST).filter((fault) => fault.startsWith("Seq Scan"))).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    `after ${SESSIONS} sessions of one agent, without statistics and with`,
    async () => {
      await fillPast(owner, rows, { sessions: SESSIONS, others: OTHERS });
      expect(faultsOf(await explained(), MOST)).toEqual([]);
      await owner.query("ANALYZE");
      expect(faultsOf(await explained(), MOST)).toEqual([]);
    },
    LIMIT_MS,
  );

  test("and a statement that walks what is stored is found", async () => {
    const writers = decisionWriters({ connectionString: scratch.url, most: 1 });
    const found = await writers.use(async (writer) => {
      const taken = await explainAll(writer);
      await writer.query("SET ROLE NONE; SET statement_timeout = '60s'");
      const values = [rows.workspace];
      await writer.query({ text: "SELECT count(*) FROM runs WHERE workspace_id = $1", values });
      await writer.query("SELECT count(*) FROM floods WHERE refused > 1");
      await writer.query("SELECT max(settled_at) FROM approvals");
      return faultsOf(taken(), MOST);
    });
    await writers.close();
    expect(found).toEqual([
      expect.stringMatching(/ of runs by runs_workspace reads \d{4,} rows in: SELECT count/),
      expect.stringMatching(/(Seq Scan of floods|.* without a condition) in/),
      expect.stringMatching(/^(Seq Scan of approvals|.* without a condition) in/),
    ]);
  });
});
