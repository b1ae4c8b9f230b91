import { z } from "zod";

import { VoteVerdict } from "@/lib/core/approvals/schema";
import { Band } from "@/lib/core/decisions/schema";
import { MemberId } from "@/lib/core/shared/brand";

/** One person's answer to one real request, with what came of it. */
export const Review = z.object({
  approvalId: z.uuid(),
  memberId: MemberId,
  agent: z.string(),
  tool: z.string(),
  rule: z.string().nullable(),
  band: Band,
  verdict: VoteVerdict,
  at: z.date(),
  askedAt: z.date(),
  /** From first having it on screen to the answer; null for an answer by token. */
  lookSeconds: z.number().nullable(),
  /** How many things the action would have changed, as its headline counts them, or else its arguments. */
  size: z.number().nullable(),
  /** Whether what was approved was carried out. */
  ran: z.boolean(),
  /** Approved, and then it failed, was rolled back, or a person said it should not have been. */
  regretted: z.boolean(),
});
export type Review = z.infer<typeof Review>;

/** How a person's calibration item ended. */
export const CalibrationResult = z.object({ memberId: MemberId, result: z.enum(["caught", "missed"]), at: z.date() });
export type CalibrationResult = z.infer<typeof CalibrationResult>;
