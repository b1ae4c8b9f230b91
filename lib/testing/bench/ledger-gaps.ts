import { WorkspaceId } from "@/lib/core/shared/brand";
import { systemContext } from "@/lib/testing/ledger-run";
import { sequenceLedger } from "@/lib/services/ledger/sequence-ledger";

import type { Meter } from "./meter";

/** What the ledger of a workspace lacks. Everything but the totals should be zero. */
export type Gaps = {
  readonly decisions: number;
  readonly withoutEntry: number;
  readonly withoutDecision: number;
  /** A run's calls are numbered without a gap. */
  readonly missingSteps: number;
  readonly leaves: number;
  /** Entries without a place in the sequence, and places that are left out. */
  readonly missingLeaves: number;
};

const BOOKED = `
  SELECT
    (SELECT count(*)::int FROM decisions WHERE workspace_id = $1) AS decisions,
    (SELECT count(*)::int FROM decisions d WHERE d.workspace_id = $1
       AND NOT EXISTS (SELECT FROM ledger_entries e WHERE e.id = d.id AND e.workspace_id = $1 AND e.kind = 'decision')) AS "withoutEntry",
    (SELECT count(*)::int FROM ledger_entries e WHERE e.workspace_id = $1 AND e.kind = 'decision'
       AND NOT EXISTS (SELECT FROM decisions d WHERE d.id = e.id AND d.workspace_id = $1)) AS "withoutDecision",
    (SELECT coalesce(sum(last - made), 0)::int
       FROM (SELECT max(step) AS last, count(DISTINCT step) AS made FROM decisions WHERE workspace_id = $1 GROUP BY run_id) r) AS "missingSteps"`;

const SEQUENCED = `
  SELECT count(l.*)::int AS leaves, (count(*) - count(l.*) + coalesce(max(l.leaf_index) + 1 - count(l.*), 0))::int AS "missingLeaves"
  FROM ledger_entries e LEFT JOIN ledger_leaves l ON l.entry_id = e.id WHERE e.workspace_id = $1`;

/** Gives every entry its place, as the job does, and then looks for what is missing. */
export async function gapsIn(meter: Meter, workspaceId: string): Promise<Gaps> {
  const ctx = systemContext(WorkspaceId.parse(workspaceId));
  while ((await sequenceLedger({ ...ctx, now: new Date() })).sequenced > 0);
  const [booked] = await meter.query<Omit<Gaps, "leaves" | "missingLeaves">>(BOOKED, [workspaceId]);
  const [sequenced] = await meter.query<Pick<Gaps, "leaves" | "missingLeaves">>(SEQUENCED, [workspaceId]);
  if (!booked || !sequenced) throw new Error("the ledger could not be read");
  return { ...booked, ...sequenced };
}
