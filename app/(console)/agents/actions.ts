"use server";

import { revalidatePath } from "next/cache";

import { RemoveCallbackInput, SetCallbackInput } from "@/lib/core/agents/callback";
import { RevokeCredentialInput, UpdateAgentInput } from "@/lib/core/agents/change";
import { CreateCredentialForm, RegisterAgentForm, SetLevelForm } from "@/lib/core/agents/form";
import { CheckManifestInput } from "@/lib/core/manifests/check";
import { paths } from "@/lib/core/shared/paths";
import { createCredential } from "@/lib/services/agents/create-credential";
import { registerAgent } from "@/lib/services/agents/register-agent";
import { revokeCredential } from "@/lib/services/agents/revoke-credential";
import { removeCallback, setCallback } from "@/lib/services/agents/set-callback";
import { setLevel } from "@/lib/services/agents/set-level";
import { updateAgent } from "@/lib/services/agents/update-agent";
import { checkManifest } from "@/lib/services/manifests/check-manifest";
import { action } from "@/lib/web/action";

export const checkManifestAction = action(CheckManifestInput, checkManifest);

export const registerAgentAction = action(RegisterAgentForm, async (ctx, input) => {
  const { agent_id, key, key_expires_at, manifest } = await registerAgent(ctx, input);
  revalidatePath(paths.agents());
  return { agent_id, key, key_expires_at, manifest };
});

export const updateAgentAction = action(UpdateAgentInput, async (ctx, input) => {
  await updateAgent(ctx, input);
  revalidatePath(paths.agent(input.agent));
});

export const setLevelAction = action(SetLevelForm, async (ctx, input) => {
  await setLevel(ctx, input);
  revalidatePath(paths.agent(input.agent));
});

export const createCredentialAction = action(CreateCredentialForm, async (ctx, input) => {
  const made = await createCredential(ctx, input);
  revalidatePath(paths.agent(input.agent));
  return made;
});

export const revokeCredentialAction = action(RevokeCredentialInput, async (ctx, input) => {
  await revokeCredential(ctx, input);
  revalidatePath(paths.agent(input.agent));
});

export const setCallbackAction = action(SetCallbackInput, async (ctx, input) => {
  const made = await setCallback(ctx, input);
  revalidatePath(paths.agent(input.agent));
  return made;
});

export const removeCallbackAction = action(RemoveCallbackInput, async (ctx, input) => {
  await removeCallback(ctx, input);
  revalidatePath(paths.agent(input.agent));
});
