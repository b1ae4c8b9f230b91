import { MINUTE_MS, SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { anchorLedger } from "@/lib/services/ledger/anchor-ledger";

import { defineJob } from "../define";

/** Tells places outside the database the signed head, each hour and each ten thousand entries. */
export const anchorLedgerJob = defineJob({
  name: "ledger.anchor",
  everyMs: 10 * SECOND_MS,
  attempts: 1,
  timeoutMs: MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { failed, items } = await anchorLedger(workspace);
      if (failed > 0) log.error({ workspaceId: workspace.workspaceId, items }, "a checkpoint could not be told");
    });
  },
});
