import { z } from "zod";

import { usdOf } from "@/lib/core/shared/money";

import { Reason, Risk, Verdict } from "./schema";

/** The answer of `POST /api/v1/decisions`. A refusal is an answer, not an error. */
export const DecisionAnswer = z.object({
  decision_id: z.uuid(),
  verdict: Verdict,
  rule: z.string().nullable(),
  reasons: z.array(Reason),
  manifest: z.object({ version: z.int(), hash: z.string() }).nullable(),
  risk: Risk,
  action_digest: z.string(),
  approval: z.object({ id: z.uuid(), url: z.string(), expires_at: z.string() }).nullable(),
  remaining: z.object({ steps: z.int().nullable(), seconds: z.int().nullable(), cost_usd: z.string().nullable() }),
  receipt: z.string(),
});
export type DecisionAnswer = z.infer<typeof DecisionAnswer>;

/** What is left of a run's bounds after a call; null is unbounded. */
export const Remaining = z.object({
  steps: z.int().nullable(),
  seconds: z.int().nullable(),
  cost_micros: z.int().nullable(),
});
export type Remaining = z.infer<typeof Remaining>;

/** `remaining` as agents read it: money as a decimal string of dollars. */
export function remainingAnswer(remaining: z.infer<typeof Remaining>): DecisionAnswer["remaining"] {
  return {
    steps: remaining.steps,
    seconds: remaining.seconds,
    cost_usd: remaining.cost_micros === null ? null : usdOf(remaining.cost_micros),
  };
}
