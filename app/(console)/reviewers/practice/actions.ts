"use server";

import { revalidatePath } from "next/cache";

import { AnswerBurstInput, StartBurstInput } from "@/lib/core/reviewers/burst";
import { paths } from "@/lib/core/shared/paths";
import { answerBurst } from "@/lib/services/reviewers/answer-burst";
import { startBurst } from "@/lib/services/reviewers/start-burst";
import { action } from "@/lib/web/action";

export const startBurstAction = action(StartBurstInput, async (ctx) => {
  await startBurst(ctx);
  revalidatePath(paths.burst());
});

// The page is not drawn again by itself: what the action was stays on screen until the person goes on.
export const answerBurstAction = action(AnswerBurstInput, (ctx, input) => answerBurst(ctx, input));
