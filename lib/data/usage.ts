import "server-only";

import { z } from "zod";

import type { NamedSpend, UsageDelta, UsedCall } from "@/lib/core/decisions/usage";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { JsonRecord } from "@/lib/core/shared/json-record";

import { type Db, transact, type Tx } from "./db";

const DAYS = 30;

// Ids are made before their transaction commits. What is younger than this may still have older neighbours to come.
const SETTLED_SECONDS = 60;

const Mark = z.object({ decision_id: z.string(), outcome_id: z.string(), late_id: z.string(), until: z.string() });

const CallRow = z.object({
  id: z.string(),
  agent_id: z.string(),
  tool: z.string(),
  day: z.string(),
  hour: z.date(),
  verdict: z.string(),
  allowed: z.boolean(),
  approved: z.boolean(),
  args: JsonRecord.nullable(),
  shown: z.number().nullable(),
});

type CallRow = z.infer<typeof CallRow>;

type Summarising = {
  readonly batch: number;
  summarise(calls: readonly UsedCall[]): UsageDelta;
  summariseSpend(reports: readonly NamedSpend[]): UsageDelta["sizes"];
};

/**
 * Adds the next calls and outcomes to the counters and remembers how far it came, all or nothing: a call counts once,
 * however often and on however many workers this runs.
 *
 * @returns how many decisions and outcomes were looked at
 */
export function advanceUsage(
  on: Db,
  workspaceId: WorkspaceId,
  { batch, summarise, summariseSpend }: Summarising,
): Promise<number> {
  return transact(on, async (tx) => {
    const mark = await lockMark(tx, workspaceId);
    const calls = await listCalls(tx, workspaceId, { after: mark.decision_id, until: mark.until, limit: batch });
    const used = calls.flatMap(({ allowed, args, agent_id: agentId, tool, day, approved, shown }) =>
      allowed && args !== null ? [{ agentId, tool, day, approved, args, shownRows: shown }] : [],
    );
    await addUsage(tx, workspaceId, summarise(used));
    await addDecisions(tx, workspaceId, calls);
    await insertRollbacks(
      tx,
      workspaceId,
      calls.filter(({ allowed }) => allowed).map(({ id }) => id),
    );
    const reported = { after: mark.outcome_id, until: mark.until, limit: batch };
    const outcomes = await insertFailures(tx, workspaceId, reported);
    const named = await listNamed(tx, workspaceId, reported);
    const late = await listLate(tx, workspaceId, { ...reported, after: mark.late_id });
    await addSizes(tx, workspaceId, summariseSpend([...named, ...late].map(spendOf)));
    await tx.$executeRaw`
      UPDATE usage_marks SET decision_id = ${calls.at(-1)?.id ?? mark.decision_id}::uuid, outcome_id = ${outcomes.last ?? mark.outcome_id}::uuid,
        late_id = ${late.at(-1)?.id ?? mark.late_id}::uuid
      WHERE workspace_id = ${workspaceId}::uuid`;
    return Math.max(calls.length, outcomes.count, late.length);
  });
}

async function lockMark(tx: Tx, workspaceId: WorkspaceId): Promise<z.infer<typeof Mark>> {
  await tx.$executeRaw`
    INSERT INTO usage_marks (workspace_id, decision_id, outcome_id)
    SELECT ${workspaceId}::uuid, first, first FROM (SELECT uuid_at(clock_timestamp() - make_interval(days => ${DAYS})) AS first) AS f
    ON CONFLICT DO NOTHING`;
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT decision_id, outcome_id, late_id, uuid_at(clock_timestamp() - make_interval(secs => ${SETTLED_SECONDS})) AS until
    FROM usage_marks WHERE workspace_id = ${workspaceId}::uuid FOR UPDATE`;
  return Mark.parse(rows[0]);
}

type Range = { readonly after: string; readonly until: string; readonly limit: number };

async function listCalls(tx: Tx, workspaceId: WorkspaceId, { after, until, limit }: Range) {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT d.id, d.agent_id, d.tool, (d.created_at AT TIME ZONE 'UTC')::date::text AS day,
      date_trunc('hour', d.created_at, 'UTC') AS hour, d.verdict, d.verdict = 'allow' AS allowed, d.approval_id IS NOT NULL AS approved,
      CASE WHEN d.verdict = 'allow' AND jsonb_typeof(d.call -> 'args') = 'object' THEN d.call -> 'args' END AS args,
      CASE WHEN d.verdict = 'allow' AND d.call -> 'effect' ->> 'kind' = 'rows' THEN greatest(coalesce((d.call -> 'effect' ->> 'total')::float8, 0),
        jsonb_array_length(d.call -> 'effect' -> 'before'), jsonb_array_length(d.call -> 'effect' -> 'after'))::float8 END AS shown
    FROM decisions d
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id > ${after}::uuid AND d.id < ${until}::uuid
    ORDER BY d.id LIMIT ${limit}`;
  return rows.map((row) => CallRow.parse(row));
}

async function addUsage(tx: Tx, workspaceId: WorkspaceId, { usage, sizes, targets }: UsageDelta): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO tool_usage AS t (workspace_id, agent_id, tool, day, uses, approved)
    SELECT ${workspaceId}::uuid, i.* FROM jsonb_to_recordset(${JSON.stringify(usage)}::jsonb) AS i (agent_id uuid, tool text, day date, uses bigint, approved bigint)
    ON CONFLICT (agent_id, tool, day) DO UPDATE SET uses = t.uses + excluded.uses, approved = t.approved + excluded.approved`;
  await addSizes(tx, workspaceId, sizes);
  await tx.$executeRaw`
    INSERT INTO tool_targets AS t (workspace_id, agent_id, tool, target_digest, last_day)
    SELECT ${workspaceId}::uuid, i.agent_id, i.tool, i.digest, max(i.day)
    FROM jsonb_to_recordset(${JSON.stringify(targets)}::jsonb) AS i (agent_id uuid, tool text, day date, digest text)
    GROUP BY i.agent_id, i.tool, i.digest
    ON CONFLICT (agent_id, tool, target_digest) DO UPDATE SET last_day = greatest(t.last_day, excluded.last_day)`;
}

/** Adds decisions to the hours they were made in, by agent, tool and verdict. */
async function addDecisions(tx: Tx, workspaceId: WorkspaceId, calls: readonly CallRow[]): Promise<void> {
  if (calls.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO decision_hours AS h (workspace_id, hour, agent_id, tool, verdict, decisions)
    SELECT ${workspaceId}::uuid, u.hour, u.agent, u.tool, u.verdict, count(*)
    FROM unnest(${calls.map(({ hour }) => hour.toISOString())}::timestamptz[], ${calls.map(({ agent_id: id }) => id)}::uuid[],
        ${calls.map(({ tool }) => tool)}::text[], ${calls.map(({ verdict }) => verdict)}::text[])
      AS u (hour, agent, tool, verdict)
    GROUP BY 2, 3, 4, 5 ORDER BY 2, 3, 4, 5
    ON CONFLICT (workspace_id, hour, agent_id, tool, verdict) DO UPDATE SET decisions = h.decisions + excluded.decisions`;
}

async function addSizes(tx: Tx, workspaceId: WorkspaceId, sizes: UsageDelta["sizes"]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO tool_sizes AS t (workspace_id, agent_id, tool, day, metric, bucket, calls, most)
    SELECT ${workspaceId}::uuid, i.* FROM jsonb_to_recordset(${JSON.stringify(sizes)}::jsonb)
      AS i (agent_id uuid, tool text, day date, metric text, bucket integer, calls bigint, most float8)
    ON CONFLICT (agent_id, tool, metric, day, bucket) DO UPDATE SET calls = t.calls + excluded.calls, most = greatest(t.most, excluded.most)`;
}

const NamedRow = z.object({
  id: z.string(),
  agent_id: z.string(),
  tool: z.string(),
  day: z.string(),
  cost_micros: z.number().nullable(),
  cost_before: z.number().nullable(),
  tokens: z.number().nullable(),
  tokens_before: z.number().nullable(),
});

const spendOf = (row: z.infer<typeof NamedRow>): NamedSpend => ({
  agentId: row.agent_id,
  tool: row.tool,
  day: row.day,
  costMicros: row.cost_micros,
  costBefore: row.cost_before,
  tokens: row.tokens,
  tokensBefore: row.tokens_before,
});

/** What the next outcomes named. */
async function listNamed(tx: Tx, workspaceId: WorkspaceId, { after, until, limit }: Range) {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT o.id, d.agent_id, d.tool, (d.created_at AT TIME ZONE 'UTC')::date::text AS day, o.cost_micros::float8, NULL::float8 AS cost_before,
      o.tokens::float8, NULL::float8 AS tokens_before
    FROM (SELECT id, decision_id, cost_micros, tokens FROM outcomes
      WHERE workspace_id = ${workspaceId}::uuid AND id > ${after}::uuid AND id < ${until}::uuid ORDER BY id LIMIT ${limit}) AS o
    JOIN decisions d ON d.id = o.decision_id`;
  return NamedRow.array().parse(rows);
}

/** What the next reports after an outcome named, in their order. One whose decision is forgotten is nobody's habit. */
async function listLate(tx: Tx, workspaceId: WorkspaceId, { after, until, limit }: Range) {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT l.id, d.agent_id, d.tool, (d.created_at AT TIME ZONE 'UTC')::date::text AS day, l.cost_micros::float8, l.cost_before::float8,
      l.tokens::float8, l.tokens_before::float8
    FROM late_costs l JOIN decisions d ON d.id = l.decision_id
    WHERE l.workspace_id = ${workspaceId}::uuid AND l.id > ${after}::uuid AND l.id < ${until}::uuid ORDER BY l.id LIMIT ${limit}`;
  return NamedRow.array().parse(rows);
}

/** A call of the tool that the manifest names as another's `rollback` regrets that other's last approved call. */
async function insertRollbacks(tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO regrets (decision_id, workspace_id, agent_id, tool, cause, created_at)
    SELECT undone.id, d.workspace_id, d.agent_id, undone.tool, 'rolled_back', d.created_at
    FROM decisions d
    JOIN manifests m ON m.agent_id = d.agent_id AND m.version = d.manifest_version
    CROSS JOIN LATERAL jsonb_array_elements(m.content -> 'tools' -> 'allowed') AS e
    CROSS JOIN LATERAL (
      SELECT u.id, u.tool FROM runs r JOIN decisions u ON u.run_id = r.id
      WHERE r.session_id = d.session_id AND u.tool = e ->> 'name' AND u.id < d.id AND u.verdict = 'allow' AND u.approval_id IS NOT NULL
      ORDER BY u.id DESC LIMIT 1) AS undone
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ANY (${[...ids]}::uuid[]) AND e ->> 'rollback' = d.tool
    ON CONFLICT DO NOTHING`;
}

const Failures = z.object({ count: z.int(), last: z.string().nullable() });

/** Approved calls whose outcome was a failure. */
async function insertFailures(tx: Tx, workspaceId: WorkspaceId, { after, until, limit }: Range) {
  const rows = await tx.$queryRaw<unknown[]>`
    WITH next AS (
      SELECT o.id, o.decision_id, o.outcome, o.created_at FROM outcomes o
      WHERE o.workspace_id = ${workspaceId}::uuid AND o.id > ${after}::uuid AND o.id < ${until}::uuid ORDER BY o.id LIMIT ${limit}),
    failed AS (
      INSERT INTO regrets (decision_id, workspace_id, agent_id, tool, cause, created_at)
      SELECT d.id, d.workspace_id, d.agent_id, d.tool, 'failed', next.created_at
      FROM next JOIN decisions d ON d.id = next.decision_id
      WHERE d.verdict = 'allow' AND d.approval_id IS NOT NULL AND next.outcome IN ('error', 'failed_validation')
      ON CONFLICT DO NOTHING)
    SELECT count(*)::int AS count, (SELECT id FROM next ORDER BY id DESC LIMIT 1) AS last FROM next`;
  return Failures.parse(rows[0]);
}
