"use server";

import { DenyWaitingInput, LetAgentAskInput, RequestRerunInput } from "@/lib/core/approvals/flood";
import { ApprovalRef, VoteForm } from "@/lib/core/approvals/schema";
import { AnswerExecutionInput } from "@/lib/core/decisions/execution";
import { castVote } from "@/lib/services/approvals/cast-vote";
import { extendApproval } from "@/lib/services/approvals/extend-approval";
import { denyWaiting } from "@/lib/services/approvals/deny-waiting";
import { letAgentAsk } from "@/lib/services/approvals/let-agent-ask";
import { openApproval } from "@/lib/services/approvals/open-approval";
import { readApproval } from "@/lib/services/approvals/read-approval";
import { requestRerun } from "@/lib/services/approvals/request-rerun";
import { answerExecution } from "@/lib/services/outcomes/answer-execution";
import { action } from "@/lib/web/action";

// None of these draws the page again by itself: the desk goes on to the next item, or hears of the change as it happens.

export const castVoteAction = action(VoteForm, (ctx, vote) => castVote(ctx, vote));

export const openApprovalAction = action(ApprovalRef, async (ctx, { approval_id }) => {
  await openApproval(ctx, approval_id);
});

export const extendApprovalAction = action(ApprovalRef, extendApproval);

export const downloadApprovalAction = action(ApprovalRef, async (ctx, { approval_id }) =>
  JSON.stringify((await readApproval(ctx, approval_id)).display, null, 2),
);

export const requestRerunAction = action(RequestRerunInput, async (ctx, input) => {
  await requestRerun(ctx, input);
});

export const letAgentAskAction = action(LetAgentAskInput, async (ctx, input) => {
  await letAgentAsk(ctx, input);
});

export const denyWaitingAction = action(DenyWaitingInput, denyWaiting);

export const answerExecutionAction = action(AnswerExecutionInput, answerExecution);
