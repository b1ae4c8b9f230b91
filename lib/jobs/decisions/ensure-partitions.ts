import { MINUTE_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { ensurePartitions } from "@/lib/services/decisions/ensure-partitions";

import { defineJob } from "../define";

/** Makes the partitions of the coming week, at the start and once a day. */
export const ensurePartitionsJob = defineJob({
  name: "decisions.partition",
  schedule: "17 1 * * *",
  attempts: 5,
  timeoutMs: MINUTE_MS,
  async handle() {
    const { made } = await ensurePartitions();
    if (made > 0) log.info({ made }, "partitions made");
  },
});
