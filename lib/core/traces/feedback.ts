import { z } from "zod";

const Hex = (digits: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-fA-F]{${digits}}$`), `Give ${digits} hex digits.`)
    .transform((text) => text.toLowerCase());

/** What an end user says of a run: a rating, a correction, or both. */
export const FeedbackInput = z
  .strictObject({
    trace_id: Hex(32).optional(),
    /** The span it is about, of that trace. */
    event_id: Hex(16).optional(),
    run_id: z.string().min(1).max(200).optional(),
    /** From -1, bad, to 1, good. */
    rating: z.number().min(-1).max(1).optional(),
    label: z.string().min(1).max(100).optional(),
    comment: z.string().min(1).max(4_000).optional(),
    correction: z.string().min(1).max(16_000).optional(),
    /** Whose feedback it is, as the agent's own system names them. */
    user_id: z.string().min(1).max(200).optional(),
    /** The sender's own id of this feedback: the same id again adds nothing. */
    id: z.string().min(1).max(200).optional(),
  })
  .refine(({ trace_id, run_id }) => trace_id !== undefined || run_id !== undefined, "Give trace_id or run_id.")
  .refine(({ trace_id, event_id }) => event_id === undefined || trace_id !== undefined, "event_id goes with trace_id.")
  .refine(
    ({ rating, label, comment, correction }) =>
      [rating, label, comment, correction].some((value) => value !== undefined),
    "Give a rating, label, comment or correction.",
  );
export type FeedbackInput = z.infer<typeof FeedbackInput>;
