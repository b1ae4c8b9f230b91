import { SECOND_MS } from "@/lib/core/shared/time";
import { seedCalibration } from "@/lib/services/calibration/seed-calibration";

import { defineJob } from "../define";

/** Puts calibration items among waiting requests where a workspace wants them. Often, so that the clock tells nothing. */
export const seedCalibrationJob = defineJob({
  name: "calibration.seed",
  everyMs: 5 * SECOND_MS,
  attempts: 1,
  timeoutMs: 30 * SECOND_MS,
  async handle(ctx) {
    // Nothing is logged: whoever reads the log may be a reviewer.
    await ctx.forEachWorkspace(async (workspace) => void (await seedCalibration(workspace)));
  },
});
