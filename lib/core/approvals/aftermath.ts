import { z } from "zod";

import { optionalNote } from "@/lib/core/shared/note";
import { ApprovalId } from "@/lib/core/shared/brand";

import { OutcomeEffect } from "./effect-differs";

/** What became of an action after people had decided it. */
export const Aftermath = z.object({
  /** The person who took the approval back before it was used. */
  revoked: z.object({ by: z.string(), note: z.string(), at: z.date() }).nullable(),
  /** That it was undone, failed, or somebody said it should not have been. */
  regret: z.object({ cause: z.enum(["failed", "rolled_back", "person"]), at: z.date() }).nullable(),
  /** What the call did by its agent's report, held against what was approved; null where nothing was said of it. */
  effect: OutcomeEffect.nullable(),
  /** The tool that the agent's manifest names as the way back. */
  undoTool: z.string().nullable(),
});
export type Aftermath = z.infer<typeof Aftermath>;

/** Takes an approval back that nothing has used yet. The words go to the agent. */
export const RevokeApprovalInput = z.strictObject({
  approval_id: ApprovalId,
  note: optionalNote(500),
});
export type RevokeApprovalInput = z.infer<typeof RevokeApprovalInput>;

/** The call that was rolled back, as a screen names it. */
export const SeeRegretInput = z.strictObject({ decision_id: z.uuid() });

/** What to tell an agent whose request nobody answered in time. */
export function resubmitText(request: { readonly id: string; readonly act: string; readonly expiredAt: Date }): string {
  const at = request.expiredAt.toISOString().slice(0, 16).replace("T", " ");
  return (
    `Your request ${request.id} (${request.act}) expired at ${at} UTC before anyone decided. It did not run. ` +
    "If it is still needed, look at the data again and send the call anew: it will be asked about again."
  );
}
