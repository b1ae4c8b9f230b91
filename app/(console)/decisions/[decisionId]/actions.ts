"use server";

import { revalidatePath } from "next/cache";

import { MarkRegretInput } from "@/lib/core/decisions/regret";
import { paths } from "@/lib/core/shared/paths";
import { markRegret } from "@/lib/services/decisions/mark-regret";
import { action } from "@/lib/web/action";

export const markRegretAction = action(MarkRegretInput, async (ctx, input) => {
  await markRegret(ctx, input);
  revalidatePath(paths.decision(input.decision_id));
});
