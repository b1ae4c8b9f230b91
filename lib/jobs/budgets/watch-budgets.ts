import { MINUTE_MS, SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { watchBudgets } from "@/lib/services/budgets/watch-budgets";

import { defineJob } from "../define";

/** Tells people of budgets that came to their warning share or are used up. */
export const watchBudgetsJob = defineJob({
  name: "budgets.watch",
  everyMs: MINUTE_MS,
  attempts: 1,
  timeoutMs: 50 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { told } = await watchBudgets(workspace);
      if (told > 0) log.info({ workspaceId: workspace.workspaceId, told }, "budgets told of");
    });
  },
});
