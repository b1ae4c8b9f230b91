import { z } from "zod";

import { RedactionSettings } from "./schema";
import { TRIAL_PLACES } from "./trial-places";

/** How a workspace redacts, with the number of its version: 0 where it never said anything. */
export const ShownRedaction = z.object({ version: z.int(), settings: RedactionSettings });
export type ShownRedaction = z.infer<typeof ShownRedaction>;

/** New settings in place of the version they were made from. */
export const SetRedactionInput = z.strictObject({ version: z.int().min(0), settings: RedactionSettings });
export type SetRedactionInput = z.infer<typeof SetRedactionInput>;

/** A text to try settings on. Nothing of it is kept. */
export const TryRedactionInput = z.strictObject({
  settings: RedactionSettings,
  place: z.enum(TRIAL_PLACES),
  /** The handle of the agent it would come from. */
  agent: z.string().trim().max(200).default(""),
  text: z.string().min(1, "Paste what an agent would send.").max(100_000, "At most 100,000 characters."),
});
export type TryRedactionInput = z.infer<typeof TryRedactionInput>;

/** What would be stored of a text. */
export const RedactionTrial = z.object({
  /** False for content where the workspace keeps none. */
  is_kept: z.boolean(),
  stored: z.unknown(),
  findings: z.array(
    z.object({ detector: z.string(), service: z.string().nullable(), place: z.string(), count: z.int() }),
  ),
});
export type RedactionTrial = z.infer<typeof RedactionTrial>;

const SettingsText = z
  .string()
  .max(200_000)
  .transform((text, ctx) => {
    try {
      return z.unknown().parse(JSON.parse(text));
    } catch {
      ctx.addIssue({ code: "custom", message: "These are not settings." });
      return z.NEVER;
    }
  })
  .pipe(RedactionSettings);

/** `SetRedactionInput` as its form sends it. */
export const SetRedactionForm = SetRedactionInput.extend({
  version: z.coerce.number().int().min(0),
  settings: SettingsText,
});

/** `TryRedactionInput` as its form sends it. */
export const TryRedactionForm = TryRedactionInput.extend({ settings: SettingsText });

/** What settings keep that the ones before did not, each in a sentence. */
export function loosenings(before: RedactionSettings, after: RedactionSettings): readonly string[] {
  const kept = new Set(before.rules.map((rule) => JSON.stringify(rule)));
  const rules = after.rules.filter((rule) => rule.action === "keep" && !kept.has(JSON.stringify(rule)));
  return [
    ...(after.keep_content && !before.keep_content ? ["Content is kept."] : []),
    ...rules.map(
      ({ detector, where, agent }) => `${detector} is kept at ${where}${agent === null ? "" : ` of ${agent}`}.`,
    ),
  ];
}
