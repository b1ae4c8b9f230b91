import { parseArgs } from "node:util";

import { readRange } from "@/lib/core/figures/range";
import { SpendQuery } from "@/lib/core/figures/spend";
import { WorkspaceId } from "@/lib/core/shared/brand";
import { anyone, hintPool, workspaceDb } from "@/lib/data/db";
import { ingestPool } from "@/lib/data/ingest-pool";
import { listSpendAgents } from "@/lib/data/spend-facts";
import { narrowingOf } from "@/lib/services/figures/narrow-spend";
import { showSpend } from "@/lib/services/figures/show-spend";
import { spendQuestions } from "@/lib/services/figures/spend-questions";
import type { ServiceContext } from "@/lib/services/context";
import { traceStore } from "@/lib/services/traces/stores";
import { givenWorkspace } from "@/lib/testing/client";
import { connectOwner } from "@/lib/testing/owner";

import { type Ducks, openDuckDb } from "./duckdb";
import { whole } from "./format";
import { describeMachine } from "./report";
import { countSpendAnew, makePartitions, makeSpend, type SpendPast } from "./spend-rows";
import { quantile } from "./statistics";

// Prints how long the page of spend and each of its questions take on so many events over 400 days, beside the same
// question asked of the events themselves, here and in DuckDB, in the same run, and how it grows from a tenth of them. Exits non-zero only
// when it could not measure.

const { values } = parseArgs({
  options: {
    size: { type: "string" },
    rounds: { type: "string" },
    quick: { type: "boolean" },
    peers: { type: "string" },
  },
});
const SIZE = Number(values.size ?? (values.quick ? 50_000 : 300_000));
const ROUNDS = Number(values.rounds ?? (values.quick ? 5 : 20));
const NAIVE_ROUNDS = 3;
if (!Number.isInteger(SIZE) || SIZE < 1_000) throw new Error("--size is a whole number of events, at least 1000.");

const print = (line: string) => process.stdout.write(`${line}\n`);
const until = new Date();
const past = (events: number): SpendPast => ({ events, days: 400, until });

type Tenant = { readonly ctx: ServiceContext; readonly events: number };

const owner = await connectOwner();
const { rows } = await owner.query<{ version: string }>("SELECT current_setting('server_version') AS version");
const machine = describeMachine(rows[0]?.version ?? "");
print(
  `bench:dashboards  ${whole(SIZE)} events  commit ${machine.commit}  node ${machine.node}  Postgres ${machine.postgres}  ${machine.cores} × ${machine.cpu}  load ${machine.load.toFixed(1)}\n`,
);

async function makeTenant(events: number): Promise<Tenant> {
  const account = await givenWorkspace();
  await makeSpend(owner, account.workspaceId, account.memberId, past(events));
  const workspaceId = WorkspaceId.parse(account.workspaceId);
  const actor = { kind: "member", memberId: account.memberId, roles: ["viewer"], via: "token" } as const;
  return { events, ctx: { workspaceId, actor, requestId: "bench", now: until, db: workspaceDb(workspaceId) } };
}

type Times = readonly number[];

/** Milliseconds of each of several rounds; the first, which warms, is not one. */
async function timesOf(count: number, work: () => Promise<unknown>): Promise<Times> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times;
}

const RANGES = ["now-24h", "now-7d", "now-30d", "now-90d", "now-400d"];
const ZONE = "Asia/Kolkata";
/** The places of these questions among those of the page split by model. */
const PANELS = { totals: 0, buckets: 1, change: 2, hourly: 6, "by model": 7, "by model, buckets": 8 } as const;

type Naive = { readonly postgres: string; readonly duckdb: string };

const SUMS = "count(*), sum(cost_picos), sum(tokens_input), sum(tokens_output), count(error_type)";
const ROWS_THERE = "FROM events WHERE kept_at >= $from::timestamp AND kept_at < $to::timestamp";
// Every question is given the zone, so each names it.
const ROWS_HERE = "FROM events WHERE workspace_id = $1 AND kept_at >= $2 AND kept_at < $3 AND $4::text IS NOT NULL";
const grouped = (column: string): Naive => ({
  postgres: `SELECT ${column}, ${SUMS} ${ROWS_HERE} GROUP BY 1`,
  duckdb: `SELECT ${column}, ${SUMS} ${ROWS_THERE} GROUP BY 1`,
});

/** The questions as somebody without rollups asks them: of the events here, and of a column store. */
const NAIVE: Readonly<Partial<Record<keyof typeof PANELS, Naive>>> = {
  totals: grouped("agent_id"),
  buckets: {
    postgres: `SELECT agent_id, date_trunc('day', kept_at, $4), sum(cost_picos) ${ROWS_HERE} GROUP BY 1, 2`,
    duckdb: `SELECT agent_id, date_trunc('day', timezone('${ZONE}', timezone('UTC', kept_at))), sum(cost_picos)
      ${ROWS_THERE} GROUP BY 1, 2`,
  },
  "by model": grouped("model"),
};

async function measure(tenants: readonly [Tenant, Tenant], ducks: Ducks | null): Promise<void> {
  const ms = (value: number) => value.toFixed(1).padStart(8);
  print("range      question                p50 ms   p95 ms   events ms   ratio   DuckDB ms   ratio   growth ×10");
  for (const from of RANGES) {
    const query = SpendQuery.parse({ from, tz: ZONE, by: "model", cmp: "none" });
    const range = readRange(query, until);
    const [small, full] = await Promise.all(
      tenants.map(async ({ ctx }) => {
        const narrowing = narrowingOf(query, await listSpendAgents(ctx.db, ctx.workspaceId));
        return { ctx, questions: spendQuestions(range, narrowing, until) };
      }),
    );
    if (!small || !full) throw new Error("there are two workspaces to measure");
    const line = (name: string, times: readonly number[], growth: readonly number[], theirs: readonly Times[] = []) => {
      const p50 = quantile(times, 0.5);
      const cells = [0, 1].map((place) => {
        const other = theirs[place];
        if (!other || other.length === 0) return "".padStart(20);
        const middle = quantile(other, 0.5);
        return `${ms(middle).padStart(12)}${`${(middle / p50).toFixed(1)}×`.padStart(8)}`;
      });
      const grown = `${(p50 / quantile(growth, 0.5)).toFixed(2)}×`;
      print(
        `${from.padEnd(10)} ${name.padEnd(20)} ${ms(p50)} ${ms(quantile(times, 0.95))}${cells.join("")}${grown.padStart(13)}`,
      );
    };
    for (const [name, place] of Object.entries(PANELS)) {
      const asked = ({ ctx, questions }: typeof full) =>
        timesOf(ROUNDS, () => traceStore.spend(ctx.workspaceId, questions.slice(place, place + 1)));
      const naive = NAIVE[name as keyof typeof PANELS];
      const bounds = [full.ctx.workspaceId, range.from, range.to, ZONE];
      const between = { from: plainTime(range.from), to: plainTime(range.to) };
      const theirs = naive && [
        await timesOf(NAIVE_ROUNDS, () => owner.query(naive.postgres, bounds)),
        ducks === null ? [] : await timesOf(ROUNDS, () => ducks.ask(naive.duckdb, between)),
      ];
      line(name, await asked(full), await asked(small), theirs);
    }
    const page = ({ ctx }: typeof full) => timesOf(ROUNDS, () => showSpend(ctx, { ...query, cmp: "weekdays" }));
    line("whole page, compared", await page(full), await page(small));
  }
}

/** In UTC, as DuckDB reads a time without a zone. */
const plainTime = (at: Date) => at.toISOString().slice(0, -1).replace("T", " ");

let ducks: Ducks | null = null;
try {
  const began = performance.now();
  await makePartitions(owner, past(SIZE));
  const tenants = [await makeTenant(Math.round(SIZE / 10)), await makeTenant(SIZE)] as const;
  await owner.query("SET session_replication_role = origin");
  await countSpendAnew(owner);
  const { rows: counted } = await owner.query<{ calls: string; values: string }>(
    "SELECT (SELECT count(*) FROM spend_calls) AS calls, (SELECT count(*) FROM spend_values) AS values",
  );
  print(
    `made in ${((performance.now() - began) / 1_000).toFixed(0)} s: ${counted[0]?.calls} rows by call, ${counted[0]?.values} by value\n`,
  );
  if (values.peers) ducks = await openDuckDb(values.peers, owner, tenants[1].ctx.workspaceId);
  else print("DuckDB could not be fetched, so nothing is compared with it.");
  await measure(tenants, ducks);
} finally {
  ducks?.close();
  await Promise.all([anyone.$disconnect(), hintPool.end(), ingestPool.end(), owner.end()]);
}
