import { MINUTE_MS } from "@/lib/core/shared/time";
import { joinExecutedCalls } from "@/lib/services/traces/join-executed-calls";

import { defineJob } from "../define";

const PAUSE_MS = 5_000;

/** Joins executed tool calls to the decisions that allowed them, every few seconds. */
export const joinCallsJob = defineJob({
  name: "traces.join",
  everyMs: PAUSE_MS,
  attempts: 1,
  timeoutMs: MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      await joinExecutedCalls(workspace);
    });
  },
});
