"use server";

import { revalidatePath } from "next/cache";

import { ResumeStopForm } from "@/lib/core/workspaces/forms";
import { ConfirmRecoveryInput, RequestStopInput } from "@/lib/core/workspaces/stop";
import { confirmRecovery } from "@/lib/services/stops/confirm-recovery";
import { requestStop } from "@/lib/services/stops/request-stop";
import { resumeStop } from "@/lib/services/stops/resume-stop";
import { action } from "@/lib/web/action";

export const requestStopAction = action(RequestStopInput, async (ctx, input) => {
  const receipt = await requestStop(ctx, input);
  revalidatePath("/", "layout");
  return { ...receipt, requested_at: ctx.now.toISOString() };
});

export const resumeStopAction = action(ResumeStopForm, async (ctx, input) => {
  const answer = await resumeStop(ctx, input);
  revalidatePath("/", "layout");
  return answer;
});

export const confirmRecoveryAction = action(ConfirmRecoveryInput, async (ctx, input) => {
  await confirmRecovery(ctx, input);
  revalidatePath("/", "layout");
});
