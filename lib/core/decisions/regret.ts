import { z } from "zod";

/** A person's word that an approved call should not have been made. */
export const MarkRegretInput = z.strictObject({
  decision_id: z.string().max(100),
  note: z.string().trim().min(1).max(2_000),
});
export type MarkRegretInput = z.infer<typeof MarkRegretInput>;
