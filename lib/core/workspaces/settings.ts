import { z } from "zod";

const DAY_MINUTES = 1_440;
const OneIn = z.int().min(5).max(500);
const SourceDays = z.int().min(0).max(365);

/** What a workspace can set for itself. A stored value this version cannot read counts as the default. */
export const WorkspaceSettings = z.object({
  /** How long an allowed call may stay without a reported outcome before it counts as unreported. */
  outcome_due_minutes: z.int().min(1).max(DAY_MINUTES).catch(15),
  /** After how long with reads only a workspace runs fully by itself; null waits for a person. */
  recovery_minutes: z.int().min(1).max(DAY_MINUTES).nullable().catch(null),
  /** Whether past actions that were refused come up again among real ones, to show reviewers how well they see. */
  calibration: z.boolean().catch(false),
  /** One item for about so many reviewed actions. */
  calibration_one_in: OneIn.catch(25),
  /** How many days ago the action must have been asked for. */
  calibration_source_days: SourceDays.catch(7),
});
export type WorkspaceSettings = z.infer<typeof WorkspaceSettings>;

/** A change of some settings; what is not named stays. */
export const ChangeSettingsInput = z.strictObject({
  outcome_due_minutes: z.int().min(1).max(DAY_MINUTES).optional(),
  recovery_minutes: z.int().min(1).max(DAY_MINUTES).nullable().optional(),
  calibration: z.boolean().optional(),
  calibration_one_in: OneIn.optional(),
  calibration_source_days: SourceDays.optional(),
});
export type ChangeSettingsInput = z.infer<typeof ChangeSettingsInput>;
