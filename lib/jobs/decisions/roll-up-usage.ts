import { MINUTE_MS } from "@/lib/core/shared/time";
import { rollUpUsage } from "@/lib/services/decisions/roll-up-usage";

import { defineJob } from "../define";

/** Counts what tools were used for, once a minute: what the risk score calls usual. */
export const rollUpUsageJob = defineJob({
  name: "decisions.roll_up",
  schedule: "* * * * *",
  attempts: 1,
  timeoutMs: MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      await rollUpUsage(workspace);
    });
  },
});
