"use server";

import { revalidatePath } from "next/cache";

import { paths } from "@/lib/core/shared/paths";
import { AccessSubjectsForm } from "@/lib/core/workspaces/access-subject";
import { EndDelegationInput } from "@/lib/core/workspaces/delegation";
import {
  CalibrationForm,
  ChangeDeskSettingsForm,
  ChangeSettingsForm,
  CodeForm,
  CreateTokenForm,
  DelegateForm,
  EmptyForm,
  FirstCodeForm,
  RevokeTokenInput,
} from "@/lib/core/workspaces/forms";
import { delegateReviews, endDelegation } from "@/lib/services/people/delegate";
import { beginStepUp, confirmStepUp } from "@/lib/services/step-up/enrol";
import { removeStepUp } from "@/lib/services/step-up/remove";
import { changeSettings } from "@/lib/services/workspaces/change-settings";
import { createToken } from "@/lib/services/workspaces/create-token";
import { revokeToken } from "@/lib/services/workspaces/revoke-token";
import { action } from "@/lib/web/action";

export const changeSettingsAction = action(ChangeSettingsForm, async (ctx, input) => {
  await changeSettings(ctx, input);
  revalidatePath(paths.settings());
});

export const changeCalibrationAction = action(CalibrationForm, async (ctx, input) => {
  await changeSettings(ctx, input);
  revalidatePath(paths.settings());
});

export const changeAccessSubjectsAction = action(AccessSubjectsForm, async (ctx, input) => {
  await changeSettings(ctx, input);
  revalidatePath(paths.settings());
});

export const createTokenAction = action(CreateTokenForm, async (ctx, input) => {
  const created = await createToken(ctx, input);
  revalidatePath(paths.settings());
  return created;
});

export const revokeTokenAction = action(RevokeTokenInput, async (ctx, input) => {
  await revokeToken(ctx, input);
  revalidatePath(paths.settings());
});

export const changeDeskSettingsAction = action(ChangeDeskSettingsForm, async (ctx, input) => {
  await changeSettings(ctx, input);
  revalidatePath(paths.settings());
});

// The page is not drawn again between the secret and its first code: the secret is nowhere but on the screen.
export const beginStepUpAction = action(EmptyForm, (ctx) => beginStepUp(ctx));

export const confirmStepUpAction = action(FirstCodeForm, async (ctx, input) => {
  const confirmed = await confirmStepUp(ctx, input);
  revalidatePath(paths.settings());
  return confirmed;
});

export const removeStepUpAction = action(CodeForm, async (ctx, input) => {
  await removeStepUp(ctx, input);
  revalidatePath(paths.settings());
});

export const delegateAction = action(DelegateForm, async (ctx, input) => {
  await delegateReviews(ctx, input);
  revalidatePath(paths.settings());
});

export const endDelegationAction = action(EndDelegationInput, async (ctx, input) => {
  await endDelegation(ctx, input);
  revalidatePath(paths.settings());
});
