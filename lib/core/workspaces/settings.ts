import { z } from "zod";

const DAY_MINUTES = 1_440;

/** What a workspace can set for itself. A stored value this version cannot read counts as the default. */
export const WorkspaceSettings = z.object({
  /** How long an allowed call may stay without a reported outcome before it counts as unreported. */
  outcome_due_minutes: z.int().min(1).max(DAY_MINUTES).catch(15),
  /** After how long with reads only a workspace runs fully by itself; null waits for a person. */
  recovery_minutes: z.int().min(1).max(DAY_MINUTES).nullable().catch(null),
  /** Whether approving asks for a code from High, not only at Critical. What cannot be read asks for it. */
  step_up_high: z.boolean().default(false).catch(true),
  /** For how long an approval of a Low action can be taken back on screen; 0 leaves no time for it. */
  undo_seconds: z.int().min(0).max(30).catch(5),
  /** By how much a reviewer may extend a request, once; 0 allows it to nobody. */
  extend_once_minutes: z.int().min(0).max(60).catch(0),
});
export type WorkspaceSettings = z.infer<typeof WorkspaceSettings>;

/** A change of some settings; what is not named stays. */
export const ChangeSettingsInput = z.strictObject({
  outcome_due_minutes: z.int().min(1).max(DAY_MINUTES).optional(),
  recovery_minutes: z.int().min(1).max(DAY_MINUTES).nullable().optional(),
  step_up_high: z.boolean().optional(),
  undo_seconds: z.int().min(0).max(30).optional(),
  extend_once_minutes: z.int().min(0).max(60).optional(),
});
export type ChangeSettingsInput = z.infer<typeof ChangeSettingsInput>;
