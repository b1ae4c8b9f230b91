"use server";

import { revalidatePath } from "next/cache";

import { RequestStopInput, ResumeStopInput } from "@/lib/core/workspaces/stop";
import { requestStop } from "@/lib/services/stops/request-stop";
import { resumeStop } from "@/lib/services/stops/resume-stop";
import { action } from "@/lib/web/action";

export const requestStopAction = action(RequestStopInput, async (ctx, input) => {
  const receipt = await requestStop(ctx, input);
  revalidatePath("/", "layout");
  return { ...receipt, requested_at: ctx.now.toISOString() };
});

export const resumeStopAction = action(ResumeStopInput, async (ctx, input) => {
  await resumeStop(ctx, input);
  revalidatePath("/", "layout");
});
