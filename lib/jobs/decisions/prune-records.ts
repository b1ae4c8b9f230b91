import { MINUTE_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { pruneRecords } from "@/lib/services/decisions/prune-records";

import { defineJob } from "../define";

/** Deletes what may be forgotten, once an hour. */
export const pruneRecordsJob = defineJob({
  name: "decisions.prune",
  schedule: "41 * * * *",
  attempts: 2,
  timeoutMs: 10 * MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const removed = await pruneRecords(workspace);
      if (Object.values(removed).some((count) => count > 0))
        log.info({ workspaceId: workspace.workspaceId, ...removed }, "old records removed");
    });
  },
});
