import { MINUTE_MS, SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { runRepricing } from "@/lib/services/prices/run-repricing";

import { defineJob } from "../define";

/** Prices stored calls again where an administrator asked for it. */
export const runRepricingJob = defineJob({
  name: "prices.reprice",
  everyMs: 2 * SECOND_MS,
  attempts: 1,
  timeoutMs: 10 * MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { ended } = await runRepricing(workspace, ctx.signal);
      if (ended) log.info({ workspaceId: workspace.workspaceId }, "stored calls repriced");
    });
  },
});
