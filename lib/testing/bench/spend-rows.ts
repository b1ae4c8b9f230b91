import { randomUUID } from "node:crypto";

import { recountStoredSpend } from "@/lib/testing/recount-stored-spend";

import type { Owner } from "../owner";

/** How much is made, and until when. */
export type SpendPast = { readonly events: number; readonly days: number; readonly until: Date };

const AGENTS = 50;
/** Events of one run. */
const RUN_EVENTS = 10;

/** Daily partitions of events for so many days back, as a job would have made them. */
export async function makePartitions(owner: Owner, { days, until }: SpendPast): Promise<void> {
  const day = 86_400_000;
  const last = Math.floor(until.getTime() / day) * day;
  for (let back = days; back >= 0; back -= 1) {
    const [from, to] = [last - back * day, last - (back - 1) * day].map((at) => new Date(at).toISOString());
    const name = `events_${(from ?? "").slice(0, 10).replaceAll("-", "")}`;
    await owner.query(
      `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF events FOR VALUES FROM ('${from}') TO ('${to}')`,
    );
  }
}

/** Fifty agents of a workspace, all one person's. */
export async function makeAgents(owner: Owner, workspace: string, dri: string): Promise<void> {
  await owner.query(
    `INSERT INTO agents (id, workspace_id, handle, task, dri_id, environment, status, level)
     SELECT ${agentId("n")}, $1, 'agent-' || n, 'Bench.', $2, 'production', 'active', 1
     FROM generate_series(1, ${AGENTS}) AS n`,
    [workspace, dri],
  );
}

let prefix = 0;
/** Agents of different workspaces have different ids. */
const agentId = (n: string) =>
  `('00000000-0000-4000-8${String(prefix).padStart(3, "0")}-' || lpad((${n})::text, 12, '0'))::uuid`;

/** Events of a workspace, evenly over the days, with the traces they belong to. They are not counted yet. */
export async function makeSpend(
  owner: Owner,
  workspace: string,
  dri: string,
  { events, days, until }: SpendPast,
): Promise<void> {
  prefix += 1;
  await makeAgents(owner, workspace, dri);
  const began = `('${until.toISOString()}'::timestamptz - (${days} * 86400.0 * e.run / ${Math.ceil(events / RUN_EVENTS)} + e.step) * interval '1 second')`;
  const trace = `decode(md5('${workspace} ' || e.run), 'hex')`;
  const zipf = `(1 + floor(power(abs(hashint4(e.run) % 10000) / 10000.0, 2) * ${AGENTS}))::int`;
  await owner.query("SET session_replication_role = replica");
  await owner.query(
    `INSERT INTO events (workspace_id, kept_at, trace_id, event_id, parent_event_id, agent_id, credential_id, received_at,
       started_at, start_ns, end_ns, source, dialect, name, kind, usage_role, in_window, claims_other, agent_version,
       provider, model, tokens_input, tokens_output, tokens_cache_read, cost_picos, computed_picos, cost_status, tool,
       outcome, error_type, customer, digest, detail)
     SELECT '${workspace}', x.began, x.trace, decode(lpad(to_hex(e.n), 16, '0'), 'hex'),
       CASE WHEN e.step > 0 THEN decode('0000000000000001', 'hex') END, ${agentId(zipf)}, '${randomUUID()}', x.began,
       x.began, (extract(epoch FROM x.began) * 1e9)::bigint, NULL, 'otlp', 'otel_genai', 'call',
       CASE WHEN e.step = 0 THEN 'agent' WHEN e.step % 3 = 0 THEN 'tool' ELSE 'llm' END,
       CASE WHEN e.step = 0 THEN 'rollup' ELSE 'leaf' END, true, false, '1', 'openai',
       CASE WHEN e.step % 3 = 0 THEN NULL ELSE 'model-' || (e.run % 4) END, 1000 + e.n % 700, 200, 100,
       CASE WHEN e.step > 0 THEN 1000000000 + e.n END, CASE WHEN e.step > 0 THEN 1000000000 + e.n END,
       CASE WHEN e.step = 0 THEN 'rollup' ELSE 'computed' END,
       CASE WHEN e.step > 0 AND e.step % 3 = 0 THEN 'tool-' || (e.run % 6) END,
       CASE WHEN e.n % 40 = 0 THEN 'retry' ELSE 'success' END, CASE WHEN e.n % 50 = 0 THEN 'timeout' END,
       'customer-' || (e.run % 20), decode(md5(e.n::text), 'hex'),
       jsonb_build_object('dimensions', jsonb_build_object('environment', 'production', 'tags', jsonb_build_array('a')))
     FROM (SELECT n, (n / ${RUN_EVENTS})::int AS run, (n % ${RUN_EVENTS})::int AS step
           FROM generate_series(0, ${events - 1}) AS n) AS e
     CROSS JOIN LATERAL (SELECT ${began} AS began, ${trace} AS trace) AS x`,
  );
  await owner.query(
    `INSERT INTO traces (workspace_id, trace_id, agent_id, first_at, last_at, kept_from, kept_to, received_at, events,
       errors, model_calls, tool_calls, tokens_input, tokens_output, cost_picos, unpriced)
     SELECT workspace_id, trace_id, (array_agg(agent_id))[1], min(started_at), max(started_at), min(kept_at),
       max(kept_at), max(received_at), count(*), 0, 0, 0, 0, 0, coalesce(sum(cost_picos), 0), 0
     FROM events WHERE workspace_id = $1 GROUP BY workspace_id, trace_id`,
    [workspace],
  );
}

/** Counts everything that was made. */
export async function countSpendAnew(owner: Owner): Promise<void> {
  await recountStoredSpend(owner);
  await owner.query("VACUUM ANALYZE events, traces, spend_calls, spend_values, counted_runs");
}
