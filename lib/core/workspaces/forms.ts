import { z } from "zod";

import { Totp } from "@/lib/core/shared/totp";

import { DelegateInput } from "./delegation";
import { AcceptInvitationInput, CreateTokenInput } from "./schema";
import { ChangeSettingsInput } from "./settings";
import { ResumeStopInput } from "./stop";

// A form sends an empty text where the API leaves a field out, and digits where it sends a number.

/** `AcceptInvitationInput` with the code that the page's address holds. */
export const AcceptInvitationForm = AcceptInvitationInput.extend({ code: z.string().max(300) });

/** `CreateTokenInput` as its form sends it. */
export const CreateTokenForm = CreateTokenInput.extend({
  days: z.coerce.number().int().min(1).max(365),
});

/** `ResumeStopInput` as a form or an address sends it: numbers as digits, an empty field for none. */
export const ResumeStopForm = ResumeStopInput.extend({
  extra_steps: z.preprocess(amount, ResumeStopInput.shape.extra_steps),
  extra_seconds: z.preprocess(amount, ResumeStopInput.shape.extra_seconds),
  extra_cost_usd: z.preprocess(amount, ResumeStopInput.shape.extra_cost_usd),
});

/** `ChangeSettingsInput` as its form sends it: digits, and an empty field for a person's confirmation. */
export const ChangeSettingsForm = z.strictObject({
  outcome_due_minutes: z.preprocess(amount, ChangeSettingsInput.shape.outcome_due_minutes),
  run_idle_minutes: z.preprocess(amount, ChangeSettingsInput.shape.run_idle_minutes),
  recovery_minutes: z.preprocess(
    (text) => (text === "" ? null : amount(text)),
    ChangeSettingsInput.shape.recovery_minutes,
  ),
  batch_size: z.preprocess(amount, ChangeSettingsInput.shape.batch_size),
  repeat_minutes: z.preprocess(amount, ChangeSettingsInput.shape.repeat_minutes),
  pending_cap: z.preprocess(amount, ChangeSettingsInput.shape.pending_cap),
  dependency_failures: z.preprocess(amount, ChangeSettingsInput.shape.dependency_failures),
  dependency_cool_down_seconds: z.preprocess(amount, ChangeSettingsInput.shape.dependency_cool_down_seconds),
});

/** The calibration part of the settings as its form sends it: a box that is not ticked sends nothing. */
export const CalibrationForm = z.strictObject({
  calibration: z.preprocess((box) => box === "on", z.boolean()),
  calibration_one_in: z.preprocess(amount, ChangeSettingsInput.shape.calibration_one_in),
  calibration_source_days: z.preprocess(amount, ChangeSettingsInput.shape.calibration_source_days),
});

/** The desk's own settings, as their form sends them. */
export const ChangeDeskSettingsForm = z.strictObject({
  step_up_high: z.stringbool(),
  high_by_token: z.stringbool(),
  undo_seconds: z.preprocess(amount, ChangeSettingsInput.shape.undo_seconds),
  extend_once_minutes: z.preprocess(amount, ChangeSettingsInput.shape.extend_once_minutes),
});

/** `DelegateInput` as its form sends it: an empty beginning is now. */
export const DelegateForm = DelegateInput.extend({
  starts_at: z.preprocess((text) => (text === "" ? undefined : text), DelegateInput.shape.starts_at),
});

/** A code, or a recovery code, as a form sends it. */
export const CodeForm = z.strictObject({ code: z.string().max(100) });

/** The first code of an authenticator app. */
export const FirstCodeForm = z.strictObject({ code: Totp });

/** Begins something that needs no further word. */
export const EmptyForm = z.strictObject({});

/** Names the member to disable. */
export const DisableMemberInput = z.strictObject({ member: z.uuid() });
export type DisableMemberInput = z.infer<typeof DisableMemberInput>;

/** Names the token to revoke. */
export const RevokeTokenInput = z.strictObject({ tokenId: z.uuid() });
export type RevokeTokenInput = z.infer<typeof RevokeTokenInput>;

/** The address of the sign-in page: where to go afterwards, and what next-auth says went wrong. */
export const SignInQuery = z.object({
  callbackUrl: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
});
export type SignInQuery = z.infer<typeof SignInQuery>;

function amount(text: unknown): unknown {
  if (text === "") return undefined;
  return typeof text === "string" && /^\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) : text;
}
