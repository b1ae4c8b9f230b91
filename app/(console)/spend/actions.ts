"use server";

import { revalidatePath } from "next/cache";

import { ChangeViewForm, SaveViewForm, ViewRef } from "@/lib/core/figures/views";
import { paths } from "@/lib/core/shared/paths";
import { changeView } from "@/lib/services/figures/change-view";
import { removeView } from "@/lib/services/figures/remove-view";
import { saveView } from "@/lib/services/figures/save-view";
import { action } from "@/lib/web/action";

export const saveViewAction = action(SaveViewForm, async (ctx, input) => {
  await saveView(ctx, input);
  revalidatePath(paths.spend());
});

export const changeViewAction = action(ChangeViewForm, async (ctx, input) => {
  await changeView(ctx, input);
  revalidatePath(paths.spend());
});

export const removeViewAction = action(ViewRef, async (ctx, input) => {
  await removeView(ctx, input);
  revalidatePath(paths.spend());
});
