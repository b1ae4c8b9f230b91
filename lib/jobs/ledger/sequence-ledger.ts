import { SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { gauge } from "@/lib/platform/metrics";
import { ensureKey } from "@/lib/services/ledger/ensure-key";
import { sequenceLedger } from "@/lib/services/ledger/sequence-ledger";

import { defineJob } from "../define";

const usable = gauge("interlock_ledger_signing", "1 while the workspace's ledger can be signed, 0 while it cannot.", {
  labelNames: ["workspace"],
});
const lag = gauge("interlock_ledger_lag_seconds", "How long the oldest entry has waited for its place in the tree.", {
  labelNames: ["workspace"],
});
/** What receipts promise. */
const MERGE_SECONDS = 10;
const warned = new Set<string>();

/** Gives new ledger entries their place in the tree and signs the head, twice a second. */
export const sequenceLedgerJob = defineJob({
  name: "ledger.sequence",
  everyMs: SECOND_MS / 2,
  attempts: 1,
  timeoutMs: 60 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { workspaceId } = workspace;
      // The tree grows whatever becomes of the key.
      const key = await ensureKey(workspace).catch((error: unknown) => ({ state: "missing" as const, error }));
      const { clockRegressed, lagSeconds } = await sequenceLedger(workspace);
      lag.set({ workspace: workspaceId }, lagSeconds);
      if (lagSeconds > MERGE_SECONDS)
        log.error({ workspaceId, lagSeconds }, "entries wait longer than receipts promise");
      usable.set({ workspace: workspaceId }, key.state === "usable" ? 1 : 0);
      if (key.state === "usable") warned.delete(workspaceId);
      else if (!warned.has(workspaceId)) {
        warned.add(workspaceId);
        log.error({ workspaceId, key }, "the ledger cannot be signed: checkpoints stop and receipts are unsigned");
      }
      if (clockRegressed)
        log.error({ workspaceId }, "the database's clock went back; the checkpoint keeps the last one's time");
    });
  },
});
