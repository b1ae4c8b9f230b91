import { SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { raiseUnseen } from "@/lib/services/notifications/raise-unseen";

import { defineJob } from "../define";

/** Looks for requests that nobody has looked at, every few seconds. */
export const raiseUnseenJob = defineJob({
  name: "notifications.unseen",
  everyMs: 5 * SECOND_MS,
  attempts: 1,
  timeoutMs: 30 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { raised } = await raiseUnseen(workspace);
      if (raised > 0) log.warn({ workspaceId: workspace.workspaceId, raised }, "actions that nobody has looked at");
    });
  },
});
