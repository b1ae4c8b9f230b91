import "server-only";

import { z } from "zod";

import { Remaining } from "@/lib/core/decisions/answer";
import { FIRST_CALL } from "@/lib/core/decisions/bounds";
import { NO_REACH } from "@/lib/core/decisions/facets";
import { type Facts, Reason, Risk, type RunFacts, type TallyScope, Verdict } from "@/lib/core/decisions/schema";
import { StoredReach } from "@/lib/core/decisions/stored-facts";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";

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
  receipt: z.string().nullable(),
  /** Its ledger entry in the canonical text, and when that was written. */
  entry: z.string(),
  at: z.string(),
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
           d.approval_id, a.decision_id AS approval_decision_id, iso_utc(a.expires_at) AS expires_at, d.remaining, d.receipt,
           l.body AS entry, iso_utc(l.created_at) AS at
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
  reason: z.string().nullable(),
  reach: StoredReach,
});

/**
 * What risk looks at in a run as it stands, or as its first call finds it, and how far it reached; what only bounds look
 * at is left as for a first call. What the commit reads under the run's lock is what counts.
 */
export async function findRunFacts(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  call: { session_id: string; run_id: string },
): Promise<Pick<Facts, "reach"> & { readonly run: RunFacts }> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT r.state, r.steps, floor(extract(epoch FROM clock_timestamp() - r.started_at)
             - CASE WHEN r.asked > 0 THEN waited_seconds(r.id, clock_timestamp()) ELSE 0 END)::int AS elapsed,
           r.cost_micros::float8 AS cost, r.refused, r.halted_reason AS reason, r.reach
    FROM sessions s JOIN runs r ON r.session_id = s.id AND r.external_id = ${call.run_id}
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.agent_id = ${agentId}::uuid AND s.external_id = ${call.session_id}`;
  if (rows[0] === undefined) return { run: FIRST_CALL, reach: NO_REACH };
  const { state, steps, elapsed, cost, refused, reason, reach } = RunRow.parse(rows[0]);
  const known = { state, haltedReason: reason, steps, elapsedSeconds: elapsed, costMicros: cost, refusals: refused };
  return { run: { ...FIRST_CALL, ...known }, reach };
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
