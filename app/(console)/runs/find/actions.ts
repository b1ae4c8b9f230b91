"use server";

import { revalidatePath } from "next/cache";

import { paths } from "@/lib/core/shared/paths";
import { ReplayInput } from "@/lib/core/traces/dead-letter";
import { replayDeadLetter } from "@/lib/services/traces/replay-dead-letter";
import { action } from "@/lib/web/action";

export const replayAction = action(ReplayInput, async (ctx, input) => {
  await replayDeadLetter(ctx, input);
  revalidatePath(paths.findTelemetry());
});
