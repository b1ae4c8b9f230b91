import { MINUTE_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { sendWeeklyReviews } from "@/lib/services/objectives/send-weekly-reviews";

import { defineJob } from "../define";

/** Sends the review of a week on Mondays. It looks all day, so that a worker that was away at eight sends it later. */
export const sendWeeklyReviewsJob = defineJob({
  name: "objectives.review",
  schedule: "*/10 8-23 * * 1",
  attempts: 1,
  timeoutMs: 5 * MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { sent } = await sendWeeklyReviews(workspace);
      if (sent > 0) log.info({ workspaceId: workspace.workspaceId, sent }, "weekly reviews sent");
    });
  },
});
