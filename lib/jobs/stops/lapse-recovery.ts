import { SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { lapseRecovery } from "@/lib/services/stops/lapse-recovery";

import { defineJob } from "../define";

/** Ends the time of reads only after a stop, where a workspace has set that it ends by itself. */
export const lapseRecoveryJob = defineJob({
  name: "recovery.lapse",
  everyMs: 10 * SECOND_MS,
  attempts: 1,
  timeoutMs: 30 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { recovered } = await lapseRecovery(workspace);
      if (recovered) log.info({ workspaceId: workspace.workspaceId }, "workspace runs again after its recovery time");
    });
  },
});
