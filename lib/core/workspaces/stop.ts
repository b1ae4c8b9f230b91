import { z } from "zod";

import { optionalNote, requiredNote } from "@/lib/core/shared/note";

const Reason = requiredNote(1_000);

/** Stops a workspace, an agent or a run. `id` is the agent's handle or the run's id. */
export const RequestStopInput = z.discriminatedUnion("scope", [
  z.strictObject({ scope: z.literal("workspace"), reason: Reason }),
  z.strictObject({ scope: z.literal("agent"), id: z.string().min(1).max(100), reason: Reason }),
  z.strictObject({ scope: z.literal("run"), id: z.uuid(), reason: Reason }),
]);
export type RequestStopInput = z.infer<typeof RequestStopInput>;

/** What a resumed run may use beyond its manifest's bounds. */
export const Allowance = z.strictObject({
  extra_steps: z.int().min(0).max(10_000).default(0),
  extra_seconds: z.int().min(0).max(604_800).default(0),
  extra_cost_usd: z.number().min(0).max(100_000).default(0),
});
export type Allowance = z.infer<typeof Allowance>;

/** One person's consent to end a stop. The allowance is for runs only, and both people must name the same. */
export const ResumeStopInput = Allowance.extend({ stop_id: z.uuid(), note: optionalNote(1_000) });
export type ResumeStopInput = z.infer<typeof ResumeStopInput>;

/** What became of a consent: it was the first, or it ended the stop. */
export type Resumed = {
  readonly stop_id: string;
  readonly state: "needs_second_person" | "resumed";
  readonly resumed: boolean;
  /** How far the workspace is after it. */
  readonly stage: Stage;
};

/** How far a workspace is: it runs, it is stopped, or it comes back and only tools that read may run. */
export const Stage = z.enum(["running", "stopped", "reads_only"]);
export type Stage = z.infer<typeof Stage>;

/** The stage of a workspace and since when. */
export const WorkspaceStage = z.object({ stage: Stage, since: z.date() });
export type WorkspaceStage = z.infer<typeof WorkspaceStage>;

/** Confirms that a workspace which comes back from a stop may do everything again. */
export const ConfirmRecoveryInput = z.strictObject({ note: optionalNote(1_000) });
export type ConfirmRecoveryInput = z.infer<typeof ConfirmRecoveryInput>;

/** A consent as people see it. */
export const Consent = z.object({
  member_id: z.uuid(),
  name: z.string(),
  note: z.string(),
  at: z.coerce.date(),
  extra_steps: z.int(),
  extra_seconds: z.int(),
  extra_cost_micros: z.int(),
  /** False once this person may no longer resume: the consent does not count. */
  counts: z.boolean(),
});
export type Consent = z.infer<typeof Consent>;

/** A stop as people see it. */
export const Stop = z.object({
  id: z.uuid(),
  scope: z.enum(["workspace", "agent", "run"]),
  /** The agent of a stopped agent's stop. */
  agent_id: z.uuid().nullable().default(null),
  target: z.string().nullable(),
  reason: z.string(),
  requested_by: z.string().nullable(),
  requested_at: z.date(),
  confirmed_at: z.date(),
  consents: z.array(Consent),
  /** Why the person who looks cannot be the second beside those who consented; null when they can. */
  not_second: z.string().nullable().default(null),
  resumed_by: z.string().nullable(),
  resumed_at: z.date().nullable(),
});
export type Stop = z.infer<typeof Stop>;

/** A halted run that goes on only when two people say so. */
export const RunStop = z.object({
  stop_id: z.uuid(),
  run_id: z.uuid(),
  run: z.string(),
  agent: z.string(),
  demo: z.boolean(),
  agent_id: z.uuid(),
  dri_id: z.uuid(),
  /** The rule it broke, or the words of the person who stopped it. */
  reason: z.string(),
  /** Who stopped it; null when it was a bound. */
  requested_by: z.string().nullable(),
  steps: z.int(),
  at: z.date(),
  decision_id: z.uuid().nullable(),
  incident_id: z.uuid().nullable(),
  consents: z.array(Consent),
  /** Why the person who looks cannot be the second beside those who consented; null when they can. */
  not_second: z.string().nullable().default(null),
});
export type RunStop = z.infer<typeof RunStop>;
