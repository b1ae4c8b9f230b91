import { z } from "zod";

/** Stops a workspace, an agent or a run. `id` is the agent's handle or the run's id. */
export const RequestStopInput = z.discriminatedUnion("scope", [
  z.strictObject({ scope: z.literal("workspace"), reason: z.string().trim().min(1).max(1_000) }),
  z.strictObject({
    scope: z.literal("agent"),
    id: z.string().min(1).max(100),
    reason: z.string().trim().min(1).max(1_000),
  }),
  z.strictObject({ scope: z.literal("run"), id: z.uuid(), reason: z.string().trim().min(1).max(1_000) }),
]);
export type RequestStopInput = z.infer<typeof RequestStopInput>;

export const ResumeStopInput = z.strictObject({ stop_id: z.uuid(), note: z.string().trim().max(1_000).default("") });
export type ResumeStopInput = z.infer<typeof ResumeStopInput>;

/** A stop as people see it. */
export const Stop = z.object({
  id: z.uuid(),
  scope: z.enum(["workspace", "agent", "run"]),
  target: z.string().nullable(),
  reason: z.string(),
  requested_by: z.string().nullable(),
  requested_at: z.date(),
  confirmed_at: z.date(),
  resumed_by: z.string().nullable(),
  resumed_at: z.date().nullable(),
});
export type Stop = z.infer<typeof Stop>;
