import { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { queueDeliveries } from "@/lib/services/notifications/queue-deliveries";
import { sendDeliveries } from "@/lib/services/notifications/send-deliveries";

import { worldOf } from "./receivers";

// The delivering job of one workspace as a process of its own, for tests that kill it: `deliver-loop.ts <workspace> <ms>`.
// Its clock is put forward by so much, so that what a killed process had taken is due again without a minute's wait.
const [workspace, ahead] = process.argv.slice(2);
const workspaceId = WorkspaceId.parse(workspace);
const world = worldOf();
for (;;) {
  const ctx = {
    workspaceId,
    actor: { kind: "system", job: "test" },
    requestId: "test",
    now: new Date(Date.now() + Number(ahead)),
    db: workspaceDb(workspaceId),
  } as const;
  await queueDeliveries(ctx, world);
  await sendDeliveries(ctx, world);
  await new Promise((resolve) => setTimeout(resolve, 10));
}
