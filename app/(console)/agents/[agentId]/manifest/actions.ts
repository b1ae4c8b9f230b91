"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";

import { ProposeManifestForm, VersionInput } from "@/lib/core/manifests/versions";
import { paths } from "@/lib/core/shared/paths";
import { confirmManifest } from "@/lib/services/manifests/confirm-manifest";
import { publishManifest } from "@/lib/services/manifests/publish-manifest";
import { rejectManifest } from "@/lib/services/manifests/reject-manifest";
import { action } from "@/lib/web/action";

export const proposeManifestAction = action(ProposeManifestForm, async (ctx, { agent, manifest }) => {
  const { version } = await publishManifest(ctx, { agent, manifest, publish: true });
  revalidatePath(paths.agent(agent), "layout");
  redirect(paths.manifest(agent, version));
});

export const confirmManifestAction = action(VersionInput, async (ctx, input) => {
  await confirmManifest(ctx, input);
  revalidatePath(paths.agent(input.agent), "layout");
});

export const rejectManifestAction = action(VersionInput, async (ctx, input) => {
  await rejectManifest(ctx, input);
  revalidatePath(paths.agent(input.agent), "layout");
});
