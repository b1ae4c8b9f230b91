"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";

import { CheckGuardrailForm, GuardrailVersionInput, ProposeGuardrailForm } from "@/lib/core/guardrails/versions";
import { paths } from "@/lib/core/shared/paths";
import { checkGuardrail } from "@/lib/services/guardrails/check-guardrail";
import { confirmGuardrail } from "@/lib/services/guardrails/confirm-guardrail";
import { publishGuardrail } from "@/lib/services/guardrails/publish-guardrail";
import { rejectGuardrail } from "@/lib/services/guardrails/reject-guardrail";
import { action } from "@/lib/web/action";

export const checkGuardrailAction = action(CheckGuardrailForm, (ctx, { manifest }) => checkGuardrail(ctx, manifest));

export const proposeGuardrailAction = action(ProposeGuardrailForm, async (ctx, { manifest }) => {
  const { version } = await publishGuardrail(ctx, { guardrail: manifest, publish: true });
  revalidatePath(paths.guardrails(), "layout");
  redirect(paths.guardrails({ version }));
});

export const confirmGuardrailAction = action(GuardrailVersionInput, async (ctx, input) => {
  await confirmGuardrail(ctx, input);
  revalidatePath(paths.guardrails(), "layout");
});

export const rejectGuardrailAction = action(GuardrailVersionInput, async (ctx, input) => {
  await rejectGuardrail(ctx, input);
  revalidatePath(paths.guardrails(), "layout");
});
