"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";

import { VersionInput } from "@/lib/core/manifests/versions";
import { paths } from "@/lib/core/shared/paths";
import { confirmManifest } from "@/lib/services/manifests/confirm-manifest";
import { publishManifest } from "@/lib/services/manifests/publish-manifest";
import { rejectManifest } from "@/lib/services/manifests/reject-manifest";
import { action } from "@/lib/web/action";

const ProposeForm = z.strictObject({
  agent: z.string().min(1).max(100),
  manifest: z
    .string()
    .min(1)
    .max(256 * 1024),
});

export const proposeManifestAction = action(ProposeForm, async (ctx, { agent, manifest }) => {
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
