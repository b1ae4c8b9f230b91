import { MINUTE_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { findAdvice } from "@/lib/services/advice/find-advice";

import { defineJob } from "../define";

/** Looks for advice in every workspace once an hour, off the minutes when others count hours. */
export const findAdviceJob = defineJob({
  name: "advice.find",
  schedule: "23 * * * *",
  attempts: 1,
  timeoutMs: 20 * MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { found } = await findAdvice(workspace, ctx.signal);
      if (found > 0) log.info({ workspaceId: workspace.workspaceId, found }, "advice found");
    });
  },
});
