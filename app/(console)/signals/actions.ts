"use server";

import { revalidatePath } from "next/cache";

import { AlertRef, ChangeRuleForm, DismissAlertInput, SilenceAlertForm } from "@/lib/core/alerts/schema";
import { paths } from "@/lib/core/shared/paths";
import { HOUR_MS } from "@/lib/core/shared/time";
import { ResetDependencyInput } from "@/lib/core/tools/dependency";
import { acknowledgeAlert } from "@/lib/services/alerts/acknowledge-alert";
import { changeRule } from "@/lib/services/alerts/change-rule";
import { dismissAlert } from "@/lib/services/alerts/dismiss-alert";
import { silenceAlert } from "@/lib/services/alerts/silence-alert";
import { resetDependency } from "@/lib/services/tools/reset-dependency";
import { action } from "@/lib/web/action";

export const acknowledgeAlertAction = action(AlertRef, async (ctx, { id }) => {
  await acknowledgeAlert(ctx, id);
  revalidatePath(paths.signals(), "layout");
});

export const silenceAlertAction = action(SilenceAlertForm, async (ctx, { id, hours, reason }) => {
  const until = new Date(ctx.now.getTime() + Number(hours) * HOUR_MS).toISOString();
  await silenceAlert(ctx, { id, until, reason });
  revalidatePath(paths.signals(), "layout");
});

export const dismissAlertAction = action(DismissAlertInput, async (ctx, input) => {
  await dismissAlert(ctx, input);
  revalidatePath(paths.signals(), "layout");
});

export const resetDependencyAction = action(ResetDependencyInput, async (ctx, input) => {
  await resetDependency(ctx, input);
  revalidatePath(paths.dependencies());
});

export const changeRuleAction = action(ChangeRuleForm, async (ctx, input) => {
  await changeRule(ctx, input);
  revalidatePath(paths.signals(), "layout");
});
