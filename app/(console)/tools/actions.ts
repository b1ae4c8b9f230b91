"use server";

import { revalidatePath } from "next/cache";

import { paths } from "@/lib/core/shared/paths";
import { RegisterToolForm } from "@/lib/core/tools/form";
import { AcceptToolInput } from "@/lib/core/tools/item";
import { acceptTool } from "@/lib/services/tools/accept-tool";
import { registerTools } from "@/lib/services/tools/register-tools";
import { action } from "@/lib/web/action";

export const registerToolAction = action(RegisterToolForm, async (ctx, input) => {
  const { items } = await registerTools(ctx, [input]);
  revalidatePath(paths.tools(), "layout");
  return items[0];
});

export const acceptToolAction = action(AcceptToolInput, async (ctx, input) => {
  await acceptTool(ctx, input);
  revalidatePath(paths.tools(), "layout");
});
