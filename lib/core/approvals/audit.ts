import { z } from "zod";

/** How many calls are looked at in one go. */
export const SAMPLE_SIZE = 5;

export const AuditAnswer = z.enum(["fine", "should_have_asked"]);
export type AuditAnswer = z.infer<typeof AuditAnswer>;

/** What a person thinks of a call that ran without anyone being asked. */
export const AnswerAuditInput = z.strictObject({ decision_id: z.uuid(), answer: AuditAnswer });
export type AnswerAuditInput = z.infer<typeof AnswerAuditInput>;

/** The same seed draws the same sample, so that a page that is opened again shows the same calls. */
export const SampleQuery = z.object({ seed: z.uuid().optional().catch(undefined) });
