import "server-only";

import { transact, type Tx } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { endClosedRuns, endIdleRuns } from "@/lib/data/runs";
import { findSettings } from "@/lib/data/workspaces";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/** As many names as an entry has room for. */
const BATCH = 100;

/**
 * Ends a workspace's runs whose root span has ended, and those in which nothing was new for as long as it sets, with one
 * ledger entry for each hundred.
 *
 * It says only that nothing more is expected: a later call opens the run again, and no bound forgets what was used.
 */
export async function endRuns(ctx: ServiceContext, signal?: AbortSignal): Promise<{ readonly ended: number }> {
  requireSystem(ctx);
  const { run_idle_minutes: idleMinutes } = await findSettings(ctx.db, ctx.workspaceId);
  const closed = await endAll(ctx, { reason: "closed" }, signal, (tx) =>
    endClosedRuns(tx, ctx.workspaceId, { heardMinutes: idleMinutes, limit: BATCH }),
  );
  const idle = await endAll(ctx, { reason: "idle", idle_minutes: idleMinutes }, signal, (tx) =>
    endIdleRuns(tx, ctx.workspaceId, { idleMinutes, limit: BATCH }),
  );
  return { ended: closed + idle };
}

async function endAll(
  ctx: ServiceContext,
  why: { readonly reason: "closed" | "idle"; readonly idle_minutes?: number },
  signal: AbortSignal | undefined,
  endSome: (tx: Tx) => Promise<readonly string[]>,
): Promise<number> {
  const { reason } = why;
  for (let ended = 0; ; ) {
    const count = await transact(ctx.db, async (tx) => {
      const runs = await endSome(tx);
      if (runs.length === 0) return 0;
      await record(tx, ctx, "run.end", { runs, ...why }, { reason });
      for (const id of runs)
        await insertOutboxEvent(tx, ctx.workspaceId, { topic: "run.ended", payload: { run_id: id, reason } });
      return runs.length;
    });
    ended += count;
    if (count < BATCH || signal?.aborted) return ended;
  }
}
