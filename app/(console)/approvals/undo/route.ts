import { ApprovalRef } from "@/lib/core/approvals/schema";
import { undoVote } from "@/lib/services/approvals/undo-vote";
import { beat } from "@/lib/web/beat";

// No server action: those wait until the desk has gone on to the next action, and the seconds run.
export const POST = beat(ApprovalRef, undoVote);
