import { ApprovalRef } from "@/lib/core/approvals/schema";
import { openApproval } from "@/lib/services/approvals/open-approval";
import { beat } from "@/lib/web/beat";

// No server action: going on to the next action would have to draw the desk again for it.
export const POST = beat(ApprovalRef, async (ctx, { approval_id }) => {
  await openApproval(ctx, approval_id);
  return {};
});
