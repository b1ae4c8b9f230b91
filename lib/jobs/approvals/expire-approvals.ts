import { SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { expireApprovals } from "@/lib/services/approvals/expire-approvals";

import { defineJob } from "../define";

/** Marks requests whose time is up, every few seconds, so that open desks say so soon after. */
export const expireApprovalsJob = defineJob({
  name: "approvals.expire",
  everyMs: 2 * SECOND_MS,
  attempts: 1,
  timeoutMs: 30 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { expired } = await expireApprovals(workspace, ctx.signal);
      if (expired > 0) log.info({ workspaceId: workspace.workspaceId, expired }, "approvals expired");
    });
  },
});
