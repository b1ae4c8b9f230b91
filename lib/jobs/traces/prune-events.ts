import { MINUTE_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { dropEventDays, pruneEvents } from "@/lib/services/traces/prune-events";

import { defineJob } from "../define";

/** Forgets events whose time is over, once an hour: whole days where no workspace keeps them, else one by one. */
export const pruneEventsJob = defineJob({
  name: "traces.prune",
  schedule: "53 * * * *",
  attempts: 2,
  timeoutMs: 30 * MINUTE_MS,
  async handle(ctx) {
    let [longest, isSure] = [0, true];
    await ctx.forEachWorkspace(async (workspace) => {
      try {
        const { events, days } = await pruneEvents(workspace);
        longest = Math.max(longest, days);
        if (events > 0) log.info({ workspaceId: workspace.workspaceId, events }, "old events removed");
      } catch (error) {
        isSure = false; // how long this one keeps them is not known
        throw error;
      }
    });
    const days = isSure && longest > 0 ? await dropEventDays(longest) : 0;
    if (days > 0) log.info({ days }, "old days of events removed");
  },
});
