"use server";

import type { BatchActions } from "@/components/approvals/desk-context";
import { HandOffForm, NothingForm, TakeBatchForm } from "@/lib/core/approvals/batch";
import { ApproveGroupForm, DenyTogetherInput } from "@/lib/core/approvals/group";
import { ApprovalRef } from "@/lib/core/approvals/schema";
import { approveGroup } from "@/lib/services/approvals/approve-group";
import { askForAction } from "@/lib/services/approvals/ask-for-action";
import { deferAction } from "@/lib/services/approvals/defer-action";
import { denyTogether } from "@/lib/services/approvals/deny-together";
import { endBatch } from "@/lib/services/approvals/end-batch";
import { handOffAction } from "@/lib/services/approvals/hand-off-action";
import { listHandOff } from "@/lib/services/approvals/list-hand-off";
import { openApproval } from "@/lib/services/approvals/open-approval";
import { renewBatch } from "@/lib/services/approvals/renew-batch";
import { showApproval } from "@/lib/services/approvals/show-approval";
import { takeBatch } from "@/lib/services/approvals/take-batch";
import { action } from "@/lib/web/action";

export const takeBatchAction: BatchActions["take"] = action(TakeBatchForm, takeBatch);
export const renewBatchAction: BatchActions["renew"] = action(NothingForm, (ctx) => renewBatch(ctx));
export const endBatchAction: BatchActions["end"] = action(NothingForm, (ctx) => endBatch(ctx));
export const deferActionAction: BatchActions["defer"] = action(ApprovalRef, deferAction);
export const handOffActionAction: BatchActions["handOff"] = action(HandOffForm, handOffAction);
export const listHandOffAction: BatchActions["people"] = action(ApprovalRef, listHandOff);
export const askForActionAction: BatchActions["ask"] = action(ApprovalRef, askForAction);
export const denyTogetherAction: BatchActions["denyTogether"] = action(DenyTogetherInput, denyTogether);
export const approveGroupAction: BatchActions["approveGroup"] = action(ApproveGroupForm, approveGroup);

/** Opening a member of a group is looking at it: it counts as seen from then on. */
export const expandMemberAction: BatchActions["expand"] = action(ApprovalRef, async (ctx, { approval_id }) => {
  const detail = await showApproval(ctx, approval_id);
  await openApproval(ctx, approval_id);
  return detail;
});
