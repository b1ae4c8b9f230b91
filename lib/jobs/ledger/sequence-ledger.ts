import { SECOND_MS } from "@/lib/core/shared/time";
import { sequenceLedger } from "@/lib/services/ledger/sequence-ledger";

import { defineJob } from "../define";

/** Gives new ledger entries their place in the tree, twice a second. */
export const sequenceLedgerJob = defineJob({
  name: "ledger.sequence",
  everyMs: SECOND_MS / 2,
  attempts: 1,
  timeoutMs: 60 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      await sequenceLedger(workspace);
    });
  },
});
