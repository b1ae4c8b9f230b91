import { z } from "zod";

import { AccessSubjects } from "./access-subject";

const DAY_MINUTES = 1_440;
const OneIn = z.int().min(5).max(500);
const EventDays = z.int().min(1).max(3_650);
const DependencyFailures = z.int().min(3).max(1_000);
const DependencyCoolDown = z.int().min(5).max(3_600);
const SourceDays = z.int().min(0).max(365);
/** More than so many at once are looked at less well. */
export const MOST_IN_BATCH = 7;
/** More than this nobody reviews with care, whatever a workspace would like. */
const MOST_PENDING = 25;

/** What a workspace can set for itself. A stored value this version cannot read counts as the default. */
export const WorkspaceSettings = z.object({
  /** How long an allowed call may stay without a reported outcome before it counts as unreported. */
  outcome_due_minutes: z.int().min(1).max(DAY_MINUTES).catch(15),
  /** After how long with nothing new a run has ended. A later call opens it again. */
  run_idle_minutes: z.int().min(5).max(DAY_MINUTES).catch(60),
  /** After how long with reads only a workspace runs fully by itself; null waits for a person. */
  recovery_minutes: z.int().min(1).max(DAY_MINUTES).nullable().catch(null),
  /** Whether past actions that were refused come up again among real ones, to show reviewers how well they see. */
  calibration: z.boolean().catch(false),
  /** One item for about so many reviewed actions. */
  calibration_one_in: OneIn.catch(25),
  /** How many days ago the action must have been asked for. */
  calibration_source_days: SourceDays.catch(7),
  /** Whether approving asks for a code from High, not only at Critical. What cannot be read asks for it. */
  step_up_high: z.boolean().default(false).catch(true),
  /** Whether High may be approved by token, with all that the screen asks for. What cannot be read forbids it. */
  high_by_token: z.boolean().catch(false),
  /** For how long an approval of a Low action can be taken back on screen; 0 leaves no time for it. */
  undo_seconds: z.int().min(0).max(30).catch(5),
  /** By how much a reviewer may extend a request, once; 0 allows it to nobody. */
  extend_once_minutes: z.int().min(0).max(60).catch(0),
  /** How many actions a reviewer takes at once. */
  batch_size: z.int().min(1).max(MOST_IN_BATCH).catch(MOST_IN_BATCH),
  /** For how long what a person refused is refused again without asking; 0 asks every time. The commit reads it. */
  repeat_minutes: z.int().min(0).max(DAY_MINUTES).catch(60),
  /** How many requests of one agent may wait at once. The commit reads it. */
  pending_cap: z.int().min(1).max(MOST_PENDING).catch(10),
  /** For how many days after they arrived the events of agents' telemetry are kept. What was counted of them stays. */
  event_days: EventDays.catch(30),
  /** How many calls in a row may fail on a dependency, across all agents, before calls of it are refused. The commit reads it. */
  dependency_failures: DependencyFailures.catch(10),
  /** For how long they are refused; then one call tries. The commit reads it. */
  dependency_cool_down_seconds: DependencyCoolDown.catch(60),
  /** Which agents the subjects of AuthZEN requests mean; without a rule, only subjects of type `agent` mean one. */
  access_subjects: AccessSubjects.default([]).catch([]),
});
export type WorkspaceSettings = z.infer<typeof WorkspaceSettings>;

/** A change of some settings; what is not named stays. */
export const ChangeSettingsInput = z.strictObject({
  outcome_due_minutes: z.int().min(1).max(DAY_MINUTES).optional(),
  run_idle_minutes: z.int().min(5).max(DAY_MINUTES).optional(),
  recovery_minutes: z.int().min(1).max(DAY_MINUTES).nullable().optional(),
  calibration: z.boolean().optional(),
  calibration_one_in: OneIn.optional(),
  calibration_source_days: SourceDays.optional(),
  step_up_high: z.boolean().optional(),
  high_by_token: z.boolean().optional(),
  undo_seconds: z.int().min(0).max(30).optional(),
  extend_once_minutes: z.int().min(0).max(60).optional(),
  batch_size: z.int().min(1).max(MOST_IN_BATCH).optional(),
  repeat_minutes: z.int().min(0).max(DAY_MINUTES).optional(),
  pending_cap: z.int().min(1).max(MOST_PENDING).optional(),
  event_days: EventDays.optional(),
  dependency_failures: DependencyFailures.optional(),
  dependency_cool_down_seconds: DependencyCoolDown.optional(),
  access_subjects: AccessSubjects.optional(),
});
export type ChangeSettingsInput = z.infer<typeof ChangeSettingsInput>;
