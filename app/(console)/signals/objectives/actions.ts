"use server";

import { revalidatePath } from "next/cache";

import { ObjectiveRef, SetObjectiveForm } from "@/lib/core/objectives/schema";
import { paths } from "@/lib/core/shared/paths";
import { removeObjective } from "@/lib/services/objectives/remove-objective";
import { setObjective } from "@/lib/services/objectives/set-objective";
import { action } from "@/lib/web/action";

export const setObjectiveAction = action(SetObjectiveForm, async (ctx, input) => {
  await setObjective(ctx, input);
  revalidatePath(paths.objectives());
});

export const removeObjectiveAction = action(ObjectiveRef, async (ctx, input) => {
  await removeObjective(ctx, input);
  revalidatePath(paths.objectives());
});
