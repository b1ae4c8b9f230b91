"use server";

import { revalidatePath } from "next/cache";

import { paths } from "@/lib/core/shared/paths";
import {
  CalibrationForm,
  ChangeSettingsForm,
  CreateMemberForm,
  CreateTokenForm,
  DisableMemberInput,
  RevokeTokenInput,
} from "@/lib/core/workspaces/forms";
import { changeSettings } from "@/lib/services/workspaces/change-settings";
import { createMember } from "@/lib/services/workspaces/create-member";
import { createToken } from "@/lib/services/workspaces/create-token";
import { disableMember } from "@/lib/services/workspaces/disable-member";
import { revokeToken } from "@/lib/services/workspaces/revoke-token";
import { action } from "@/lib/web/action";

export const createMemberAction = action(CreateMemberForm, async (ctx, input) => {
  const created = await createMember(ctx, input);
  revalidatePath(paths.settings());
  return created;
});

export const disableMemberAction = action(DisableMemberInput, async (ctx, input) => {
  await disableMember(ctx, input);
  revalidatePath(paths.settings());
});

export const changeSettingsAction = action(ChangeSettingsForm, async (ctx, input) => {
  await changeSettings(ctx, input);
  revalidatePath(paths.settings());
});

export const changeCalibrationAction = action(CalibrationForm, async (ctx, input) => {
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
