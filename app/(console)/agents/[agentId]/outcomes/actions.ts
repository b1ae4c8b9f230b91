"use server";

import { revalidatePath } from "next/cache";

import { BaselineRef, ImportBaselineInput, RecordBaselineForm } from "@/lib/core/baselines/schema";
import { paths } from "@/lib/core/shared/paths";
import { importBaseline } from "@/lib/services/baselines/import-baseline";
import { recordBaseline } from "@/lib/services/baselines/record-baseline";
import { removeBaseline } from "@/lib/services/baselines/remove-baseline";
import { action } from "@/lib/web/action";

export const recordBaselineAction = action(RecordBaselineForm, async (ctx, input) => {
  await recordBaseline(ctx, input);
  revalidatePath(paths.outcomes(input.agent));
});

export const importBaselineAction = action(ImportBaselineInput, async (ctx, input) => {
  await importBaseline(ctx, input);
  revalidatePath(paths.outcomes(input.agent));
});

export const removeBaselineAction = action(BaselineRef, async (ctx, input) => {
  await removeBaseline(ctx, input);
  revalidatePath(paths.outcomes(input.agent));
});
