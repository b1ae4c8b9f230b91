import { z } from "zod";

import { requiredNote } from "@/lib/core/shared/note";
import type { Role } from "@/lib/core/workspaces/schema";

/** A person's word that an approved call should not have been made. */
export const MarkRegretInput = z.strictObject({
  decision_id: z.string().max(100),
  note: requiredNote(2_000),
});
export type MarkRegretInput = z.infer<typeof MarkRegretInput>;

const MARKERS: readonly Role[] = ["reviewer", "operator", "admin"];

/** Who may say so: those who could have approved or stopped the call. */
export const mayMarkRegret = (roles: readonly Role[]) => roles.some((role) => MARKERS.includes(role));
