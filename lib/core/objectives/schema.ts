import { z } from "zod";

import { decimalOf, exactAt } from "@/lib/core/shared/decimal";
import { picoOfText, usdOfPico } from "@/lib/core/shared/money";
import { AgentHandle } from "@/lib/core/shared/names";
import { DAY_MS } from "@/lib/core/shared/time";

/** What an objective counts. Each is a share of runs or decisions that were good. */
export const MEASURES = ["success", "time", "cost", "intervention", "denials"] as const;
export const Measure = z.enum(MEASURES);
export type Measure = z.infer<typeof Measure>;

/** Over how many days an objective is judged: today and those before it, by UTC. */
export const WINDOW_DAYS = [7, 28, 30] as const;

const WHOLE_BP = 10_000;
const MS_DIGITS = 3;
/** The longest limit of a run: 30 days, as long as a window. */
const MOST_MS = 30n * BigInt(DAY_MS);

/** Whether a measure holds runs against a limit of their own. */
export const hasLimit = (measure: Measure): measure is "time" | "cost" => measure === "time" || measure === "cost";

/** Sets an objective of an agent. It replaces the agent's objective of the same measure. */
export const SetObjectiveInput = z
  .strictObject({
    agent: AgentHandle,
    measure: Measure,
    /** The share that must be good, in percent. */
    target_percent: z.number().min(0.01).max(99.99).multipleOf(0.01),
    days: z.literal(WINDOW_DAYS),
    /** For `time` the seconds a run may take, for `cost` the dollars it may cost; nothing for the others. */
    at_most: z.string().trim().max(20).default(""),
  })
  .superRefine(({ measure, at_most }, context) => {
    const fault = limitFault(measure, at_most);
    if (fault !== null) context.addIssue({ code: "custom", path: ["at_most"], message: fault });
  });
export type SetObjectiveInput = z.infer<typeof SetObjectiveInput>;

function limitFault(measure: Measure, text: string): string | null {
  if (!hasLimit(measure)) return text === "" ? null : "This measure has no limit. Leave it empty.";
  if (limitUnits(measure, text) !== null) return null;
  return measure === "time"
    ? "Write seconds, such as 90 or 2.5, and at most 2592000 (30 days)."
    : "Write dollars, such as 0.25.";
}

/** The limit of a run in milliseconds or trillionths of a dollar; null for a text that is none. */
export function limitUnits(measure: "time" | "cost", text: string): bigint | null {
  if (measure === "cost") {
    const picos = picoOfText(text);
    return picos !== null && picos > 0n ? picos : null;
  }
  const seconds = decimalOf(text);
  const ms = seconds === null ? null : exactAt(seconds, MS_DIGITS);
  return ms !== null && ms > 0n && ms <= MOST_MS ? ms : null;
}

/** The limit as it was written: seconds or dollars. */
export function limitText(measure: Measure, most: string | null): string {
  if (most === null) return "";
  return measure === "cost" ? usdOfPico(BigInt(most)) : String(Number(most) / 1_000);
}

/** Which objective: the one that an agent has of a measure. */
export const ObjectiveRef = z.strictObject({ agent: AgentHandle, measure: Measure });
export type ObjectiveRef = z.infer<typeof ObjectiveRef>;

/** The same as the form of an objective sends it. */
export const SetObjectiveForm = z.preprocess((form) => {
  if (typeof form !== "object" || form === null) return form;
  const { target_percent: percent, days, ...rest } = Object.fromEntries(Object.entries(form));
  return { ...rest, target_percent: Number(percent), days: Number(days) };
}, SetObjectiveInput);

/** Hundredths of a percent. */
export const bpOf = (percent: number): number => Math.round(percent * (WHOLE_BP / 100));

/** The share of all that may be bad. */
export const allowedShare = (targetBp: number): number => (WHOLE_BP - targetBp) / WHOLE_BP;

/** An objective in force. */
export const Objective = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  agent: z.string(),
  demo: z.boolean(),
  measure: Measure,
  target_bp: z.int(),
  days: z.int(),
  /** Milliseconds or trillionths of a dollar. */
  most: z.string().nullable(),
  created_by: z.string(),
  created_at: z.date(),
  /** Until when it was counted; null before the first time. */
  counted_at: z.date().nullable(),
});
export type Objective = z.infer<typeof Objective>;

/** How many objectives a workspace may have. */
export const MOST_OBJECTIVES = 500;
