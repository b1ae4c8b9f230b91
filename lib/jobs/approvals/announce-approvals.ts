import { SECOND_MS } from "@/lib/core/shared/time";
import { announceApprovals } from "@/lib/services/approvals/announce-approvals";

import { defineJob } from "../define";

/** Tells of approvals that can no longer be taken back, within a second or so. */
export const announceApprovalsJob = defineJob({
  name: "approvals.announce",
  everyMs: SECOND_MS,
  attempts: 1,
  timeoutMs: 30 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      await announceApprovals(workspace, ctx.signal);
    });
  },
});
