import { SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { sweepExecutions } from "@/lib/services/outcomes/sweep-executions";

import { defineJob } from "../define";

/** Looks for allowed calls whose outcome is overdue, twice a minute. */
export const sweepExecutionsJob = defineJob({
  name: "executions.sweep",
  everyMs: 30 * SECOND_MS,
  attempts: 1,
  timeoutMs: 60 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { swept } = await sweepExecutions(workspace, ctx.signal);
      if (swept > 0) log.info({ workspaceId: workspace.workspaceId, swept }, "outcomes overdue");
    });
  },
});
