import { MINUTE_MS } from "@/lib/core/shared/time";
import { writeWaiting } from "@/lib/services/traces/write-waiting";

import { defineJob } from "../define";

const PAUSE_MS = 200;

/** Writes what agents' telemetry brought and is waiting, a few times a second. */
export const writeEventsJob = defineJob({
  name: "traces.write",
  everyMs: PAUSE_MS,
  attempts: 1,
  timeoutMs: MINUTE_MS,
  async handle({ signal }) {
    await writeWaiting(signal);
  },
});
