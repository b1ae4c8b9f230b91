import { z } from "zod";

import { CheckedManifest } from "@/lib/core/manifests/check";
import { ManifestSource } from "@/lib/core/manifests/versions";

/** A new version. Without `publish` it waits, whatever it changes. */
export const PublishGuardrailInput = z.strictObject({ guardrail: ManifestSource, publish: z.boolean().default(false) });
export type PublishGuardrailInput = z.infer<typeof PublishGuardrailInput>;

export const GuardrailVersionInput = z.strictObject({ version: z.coerce.number().int().min(1) });
export type GuardrailVersionInput = z.infer<typeof GuardrailVersionInput>;

/** What publishing a guardrail would meet, without storing it; in the form of a checked manifest. */
export const CheckedGuardrail = CheckedManifest;
export type CheckedGuardrail = CheckedManifest;

/** A text to be checked while it is written; the field has the manifest's name, whose editor it is. */
export const CheckGuardrailForm = z.strictObject({ agent: z.string().max(100), manifest: ManifestSource });

/** A proposal as the form sends it. */
export const ProposeGuardrailForm = z.strictObject({
  agent: z.string().max(100),
  manifest: z
    .string()
    .min(1)
    .max(256 * 1024),
});
