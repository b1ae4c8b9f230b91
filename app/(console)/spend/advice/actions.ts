"use server";

import { revalidatePath } from "next/cache";

import { DismissAdviceInput, RestoreAdviceInput } from "@/lib/core/advice/schema";
import { paths } from "@/lib/core/shared/paths";
import { dismissAdvice } from "@/lib/services/advice/dismiss-advice";
import { restoreAdvice } from "@/lib/services/advice/restore-advice";
import { action } from "@/lib/web/action";

export const dismissAdviceAction = action(DismissAdviceInput, async (ctx, input) => {
  await dismissAdvice(ctx, input);
  revalidatePath(paths.advice());
});

export const restoreAdviceAction = action(RestoreAdviceInput, async (ctx, input) => {
  await restoreAdvice(ctx, input);
  revalidatePath(paths.advice());
});
