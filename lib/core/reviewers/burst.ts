import { z } from "zod";

/** How many actions a burst has, and how many of them were wrong: often enough for the eye to learn what wrong looks like. */
export const BURST_ITEMS = 5;
export const BURST_WRONG = 3;

export const BurstAnswer = z.enum(["approve", "deny"]);
export type BurstAnswer = z.infer<typeof BurstAnswer>;

/** A practice round. What it shows is said to be practice; nothing waits for it and nothing runs. */
export const Burst = z.object({
  id: z.uuid(),
  items: z.array(z.object({ id: z.uuid(), wrong: z.boolean() })).min(1),
  answers: z.array(BurstAnswer),
});
export type Burst = z.infer<typeof Burst>;

/** The form that begins a round has no fields. */
export const StartBurstInput = z.strictObject({});

/** The form's answer to the action of this place in the round. */
export const AnswerBurstInput = z.strictObject({
  burst: z.uuid(),
  place: z.coerce.number().int().min(0),
  verdict: BurstAnswer,
});
export type AnswerBurstInput = z.infer<typeof AnswerBurstInput>;

/** Whether a round is passed: every wrong action refused, and at most one right one too. Null while it goes on. */
export function burstPassed({ items, answers }: Pick<Burst, "items" | "answers">): boolean | null {
  if (answers.length < items.length) return null;
  const missed = items.some(({ wrong }, at) => wrong && answers[at] !== "deny");
  const overcautious = items.filter(({ wrong }, at) => !wrong && answers[at] === "deny").length;
  return !missed && overcautious <= 1;
}
