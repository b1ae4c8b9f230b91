import { MINUTE_MS } from "@/lib/core/shared/time";
import { sequenceLedger } from "@/lib/services/ledger/sequence-ledger";

import { defineJob } from "../define";

/** Looks at the whole ledger for entries the quick rounds could not see: committed late, or with an old time. */
export const sweepLedgerJob = defineJob({
  name: "ledger.sweep",
  schedule: "*/10 * * * *",
  attempts: 1,
  timeoutMs: MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      await sequenceLedger(workspace, { look: "all" });
    });
  },
});
