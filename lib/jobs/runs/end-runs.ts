import { SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { endRuns } from "@/lib/services/runs/end-runs";

import { defineJob } from "../define";

/** Ends runs whose root span ended or in which nothing is new, so that no list says that they are running. */
export const endRunsJob = defineJob({
  name: "runs.end",
  everyMs: 30 * SECOND_MS,
  attempts: 1,
  timeoutMs: 30 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { ended } = await endRuns(workspace, ctx.signal);
      if (ended > 0) log.info({ workspaceId: workspace.workspaceId, ended }, "runs ended");
    });
  },
});
