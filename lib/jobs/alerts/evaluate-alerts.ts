import { MINUTE_MS } from "@/lib/core/shared/time";
import { evaluateAlerts } from "@/lib/services/alerts/evaluate-alerts";

import { defineJob } from "../define";

/** Evaluates the rules of every workspace once a minute. */
export const evaluateAlertsJob = defineJob({
  name: "alerts.evaluate",
  schedule: "* * * * *",
  attempts: 1,
  timeoutMs: MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      await evaluateAlerts(workspace, ctx.signal);
    });
  },
});
