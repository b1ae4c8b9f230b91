import { z } from "zod";

import { requiredNote } from "@/lib/core/shared/note";
import type { Reversibility } from "@/lib/core/tools/schema";

/** What became of an allowed call, as far as anybody said. */
export const ExecutionState = z.enum([
  "granted",
  "dispatching",
  "succeeded",
  "failed",
  "failed_validation",
  "unknown",
  "unreported",
]);
export type ExecutionState = z.infer<typeof ExecutionState>;

/**
 * What an allowed call counts as once its outcome is overdue.
 *
 * One that was on its way to its tool may have run: unknown. One the agent was to run itself and never spoke of again is
 * unreported, unless it cannot be undone: then not knowing is something a person has to settle. A tool the catalogue
 * does not know is taken for irreversible, as everywhere.
 */
export function overdueState(
  state: "granted" | "dispatching",
  reversibility: Reversibility | null,
): Extract<ExecutionState, "unknown" | "unreported"> {
  if (state === "dispatching") return "unknown";
  return reversibility === null || reversibility === "irreversible" ? "unknown" : "unreported";
}

/** What became of an allowed call, and what a person found out where nobody knew. */
export const ExecutionMark = z.object({
  state: ExecutionState,
  answer: z.object({ ran: z.boolean(), note: z.string(), by: z.string(), at: z.date() }).nullable(),
});
export type ExecutionMark = z.infer<typeof ExecutionMark>;

/** A call of which nobody knows whether it ran. */
export const UnknownExecution = z.object({
  decision_id: z.uuid(),
  agent: z.string(),
  demo: z.boolean(),
  tool: z.string(),
  run_id: z.uuid(),
  run: z.string(),
  step: z.int(),
  allowed_at: z.date(),
});
export type UnknownExecution = z.infer<typeof UnknownExecution>;

/** A person's answer to "did it run?", with how they know. */
export const AnswerExecutionInput = z.strictObject({
  decision_id: z.uuid(),
  answer: z.enum(["ran", "did_not_run"]),
  note: requiredNote(1_000),
});
export type AnswerExecutionInput = z.infer<typeof AnswerExecutionInput>;
