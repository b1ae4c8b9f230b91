import { SECOND_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { escalateApprovals } from "@/lib/services/approvals/escalate-approvals";

import { defineJob } from "../define";

/** Marks requests that have waited half their time, every few seconds. */
export const escalateApprovalsJob = defineJob({
  name: "approvals.escalate",
  everyMs: 2 * SECOND_MS,
  attempts: 1,
  timeoutMs: 30 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { escalated } = await escalateApprovals(workspace, ctx.signal);
      if (escalated > 0) log.info({ workspaceId: workspace.workspaceId, escalated }, "approvals escalated");
    });
  },
});
