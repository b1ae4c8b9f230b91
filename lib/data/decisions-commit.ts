import "server-only";

import { z } from "zod";

import { Remaining } from "@/lib/core/decisions/answer";
import { FIRST_CALL } from "@/lib/core/decisions/bounds";
import { Reason, Risk, type RunFacts, type TallyScope, Verdict } from "@/lib/core/decisions/schema";
import { StoredRunFacts } from "@/lib/core/decisions/stored-facts";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";
import { env } from "@/lib/platform/env";

import { createCommitQueue } from "./commit-queue";
import { type Db, decisionPool } from "./db";

// NOTIFY takes a database-wide lock at commit, so it is never part of the decision's transaction: one hint afterwards,
// never two at once for a workspace. A lost one costs a screen half a second.
const hinting = new Set<WorkspaceId>();

function hint(workspaceId: WorkspaceId): void {
  if (hinting.has(workspaceId)) return;
  hinting.add(workspaceId);
  setTimeout(() => {
    hinting.delete(workspaceId);
    decisionPool.query("SELECT pg_notify('interlock_outbox', $1)", [workspaceId]).catch(() => undefined);
  }, 20);
}

/** The one queue through which this process makes decisions durable. */
export const decisionCommits = createCommitQueue(decisionPool, {
  writers: 4,
  deadlineMs: env.DECISION_DEADLINE_MS,
  afterCommit: hint,
});

const DecisionRow = z.object({
  id: z.uuid(),
  verdict: Verdict,
  rule: z.string().nullable(),
  reasons: z.array(Reason),
  risk: Risk,
  manifest_version: z.int().nullable(),
  manifest_hash: z.string().nullable(),
  action_digest: z.string(),
  approval_id: z.uuid().nullable(),
  approval_decision_id: z.uuid().nullable(),
  expires_at: z.string().nullable(),
  remaining: Remaining,
  entry: z.record(z.string(), z.unknown()),
});

/** A committed decision with what its answer was made of. */
export type CommittedDecision = z.infer<typeof DecisionRow>;

/** The decision an agent already got, for repeating its answer word for word. */
export async function findCommittedDecision(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  decisionId: string,
): Promise<CommittedDecision | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id, d.verdict, d.rule, d.reasons, d.risk, d.manifest_version, d.manifest_hash, d.action_digest,
           d.approval_id, a.decision_id AS approval_decision_id, iso_utc(a.expires_at) AS expires_at, d.remaining, l.body AS entry
    FROM decisions d
    JOIN ledger_entries l ON l.id = d.id
    LEFT JOIN approvals a ON a.id = d.approval_id
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.agent_id = ${agentId}::uuid AND d.id = ${decisionId}::uuid`;
  return rows[0] === undefined ? null : DecisionRow.parse(rows[0]);
}

const RunRow = z.object({
  state: z.enum(["running", "halted", "ended"]),
  steps: z.int(),
  elapsed: z.int(),
  cost: z.number(),
  refused: z.int(),
});

/**
 * What risk looks at in a run as it stands, or as its first call finds it; what only bounds look at is left as for a
 * first call. What the commit reads under the run's lock is what counts.
 */
export async function findRunFacts(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  call: { session_id: string; run_id: string },
): Promise<RunFacts> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT r.state, r.steps, floor(extract(epoch FROM clock_timestamp() - r.started_at)
             - CASE WHEN r.asked > 0 THEN waited_seconds(r.id, clock_timestamp()) ELSE 0 END)::int AS elapsed,
           r.cost_micros::float8 AS cost, r.refused
    FROM sessions s JOIN runs r ON r.session_id = s.id AND r.external_id = ${call.run_id}
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.agent_id = ${agentId}::uuid AND s.external_id = ${call.session_id}`;
  if (rows[0] === undefined) return FIRST_CALL;
  const { state, steps, elapsed, cost, refused } = RunRow.parse(rows[0]);
  return { ...FIRST_CALL, state, steps, elapsedSeconds: elapsed, costMicros: cost, refusals: refused };
}

const CountRow = z.object({ key: z.string(), n: z.number() });

type WantedCount = { readonly digest: string; readonly scope: TallyScope; readonly span: number | null };

/** What is counted now, by the same windows as the commit; nothing is locked, so a commit may find more. */
export async function findCounts(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  { call, wanted }: { readonly call: { session_id: string; run_id: string }; readonly wanted: readonly WantedCount[] },
): Promise<ReadonlyMap<string, number>> {
  const rows = await on.$queryRaw<unknown[]>`
    WITH session AS (SELECT id FROM sessions WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid AND external_id = ${call.session_id}),
         run AS (SELECT r.id FROM runs r JOIN session s ON r.session_id = s.id WHERE r.external_id = ${call.run_id})
    SELECT w.digest AS key, coalesce(sum(t.n), 0)::float8 AS n
    FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w (digest text, scope text, span integer)
    LEFT JOIN tallies t ON t.key = w.digest
      AND t.scope_id = CASE w.scope WHEN 'run' THEN (SELECT id FROM run) WHEN 'session' THEN (SELECT id FROM session) ELSE ${agentId}::uuid END
      AND t.bucket >= tally_since(w.span, clock_timestamp())
    GROUP BY w.digest`;
  return new Map(
    CountRow.array()
      .parse(rows)
      .map(({ key, n }) => [key, n]),
  );
}

const Counted = z.object({
  run: StoredRunFacts,
  counts: z.array(z.number()).nullable(),
});

/** What only the commit could count, from an answer that asks for a person: the run, and each tally in order. */
export const countedBefore = (answer: unknown): z.infer<typeof Counted> => Counted.parse(answer);
