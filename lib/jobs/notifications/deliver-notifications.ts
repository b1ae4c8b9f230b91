import { SECOND_MS } from "@/lib/core/shared/time";
import { queueDeliveries } from "@/lib/services/notifications/queue-deliveries";
import { sendDeliveries } from "@/lib/services/notifications/send-deliveries";

import { defineJob } from "../define";

/** Makes messages of what has happened and puts them on their way, twice a second. Nobody waits for their arrival. */
export const deliverNotificationsJob = defineJob({
  name: "notifications.deliver",
  everyMs: SECOND_MS / 2,
  attempts: 1,
  timeoutMs: 60 * SECOND_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      await queueDeliveries(workspace);
      await sendDeliveries(workspace);
    });
  },
});
