import "server-only";

import { overdueState } from "@/lib/core/decisions/execution";
import { settleOverdue } from "@/lib/core/decisions/settle";
import { AgentId } from "@/lib/core/shared/brand";
import { batchColumns } from "@/lib/data/batch-wire";
import { transact } from "@/lib/data/db";
import { listOverdueExecutions, type OverdueExecution, setOverdue } from "@/lib/data/executions";
import { settleOutcome } from "@/lib/data/outcomes";
import { findSettings } from "@/lib/data/workspaces";

import { requireSystem, type ServiceContext } from "../context";
import { addEvent, addNote, type Book, noRareRows } from "../decisions/batch-book";
import { outcomeWriters } from "../decisions/decision-batches";
import { record } from "../ledger/record";

const BATCH = 50;
const SWEEP = "execution.sweep";

/**
 * Settles allowed calls whose outcome never came, and says that nobody knows, one ledger entry each, until none is left.
 *
 * Safe with any number of workers: each call is looked at again under its run's lock. An outcome that comes later is
 * taken all the same, with what it names in place of what was assumed.
 */
export async function sweepExecutions(ctx: ServiceContext, signal?: AbortSignal): Promise<{ readonly swept: number }> {
  const { job } = requireSystem(ctx);
  const { outcome_due_minutes: dueMinutes } = await findSettings(ctx.db, ctx.workspaceId);
  let swept = 0;
  for (;;) {
    const overdue = await listOverdueExecutions(ctx.db, ctx.workspaceId, { dueMinutes, limit: BATCH });
    let moved = 0;
    for (const row of overdue) if (await sweep(ctx, row, job)) moved += 1;
    swept += moved;
    // What another worker settled first is no longer in the list; a list of which nothing moved is left to it.
    if (overdue.length < BATCH || moved === 0 || signal?.aborted) return { swept };
  }
}

/** @returns whether it was this worker that settled the call */
async function sweep(ctx: ServiceContext, row: OverdueExecution, job: string): Promise<boolean> {
  const { decision_id: decisionId, agent, tool, run_id, state: was } = row;
  const state = overdueState(was, row.reversibility);
  const details = { decision_id: decisionId, agent, tool, run_id, was, state };
  if (row.agent_id === null)
    return transact(ctx.db, async (tx) => {
      const isOurs = await setOverdue(tx, ctx.workspaceId, decisionId, state);
      if (isOurs) await record(tx, ctx, SWEEP, details);
      return isOurs;
    });
  const about = { workspaceId: ctx.workspaceId, agentId: AgentId.parse(row.agent_id), decisionId };
  const isOurs = await settleOutcome(outcomeWriters, about, ({ iso, standing }) => {
    const change = settleOverdue(standing, state);
    if (change === null) return { result: false, rows: null };
    const { entries, events } = batchColumns();
    const book: Book = { workspaceId: ctx.workspaceId, iso, rows: { entries, events }, rare: noRareRows() };
    addEvent(book, addNote(book, SWEEP, details, job), SWEEP, details);
    const p_change = JSON.stringify(change);
    const rows = { p_report: null, p_late: null, p_change, p_rare: null, ...entries.lists, ...events.lists };
    return { result: true, rows };
  });
  return isOurs === true;
}
