import "server-only";

import { overdueState } from "@/lib/core/decisions/execution";
import { transact } from "@/lib/data/db";
import { claimOverdueExecutions, setExecutionStates } from "@/lib/data/executions";
import { findSettings } from "@/lib/data/workspaces";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

const BATCH = 50;

/**
 * Says of allowed calls whose outcome never came that nobody knows, one ledger entry each, until none is left.
 *
 * Safe with any number of workers: each takes what no other holds. An outcome that comes later is taken all the same,
 * and until then what was reserved counts as used.
 */
export async function sweepExecutions(ctx: ServiceContext, signal?: AbortSignal): Promise<{ readonly swept: number }> {
  requireSystem(ctx);
  const { outcome_due_minutes: dueMinutes } = await findSettings(ctx.db, ctx.workspaceId);
  let swept = 0;
  for (;;) {
    const count = await transact(ctx.db, async (tx) => {
      const overdue = await claimOverdueExecutions(tx, ctx.workspaceId, { dueMinutes, limit: BATCH });
      const moved = overdue.map((row) => ({ ...row, to: overdueState(row.state, row.reversibility) }));
      for (const to of ["unknown", "unreported"] as const) {
        const ids = moved.filter((row) => row.to === to).map((row) => row.decision_id);
        if (ids.length > 0) await setExecutionStates(tx, ctx.workspaceId, ids, to);
      }
      for (const { decision_id, agent, tool, run_id, state, to } of moved)
        await record(tx, ctx, "execution.sweep", { decision_id, agent, tool, run_id, was: state, state: to });
      return moved.length;
    });
    swept += count;
    if (count < BATCH || signal?.aborted) return { swept };
  }
}
