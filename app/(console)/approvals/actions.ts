"use server";

import { revalidatePath } from "next/cache";

import { RevokeApprovalInput, SeeRegretInput } from "@/lib/core/approvals/aftermath";
import { AnswerAuditInput } from "@/lib/core/approvals/audit";
import { DenyWaitingInput, LetAgentAskInput, RequestRerunInput } from "@/lib/core/approvals/flood";
import { ApprovalRef } from "@/lib/core/approvals/schema";
import { AnswerExecutionInput } from "@/lib/core/decisions/execution";
import { answerAudit } from "@/lib/services/approvals/answer-audit";
import { extendApproval } from "@/lib/services/approvals/extend-approval";
import { denyWaiting } from "@/lib/services/approvals/deny-waiting";
import { letAgentAsk } from "@/lib/services/approvals/let-agent-ask";
import { readApproval } from "@/lib/services/approvals/read-approval";
import { seeRegretNews } from "@/lib/services/approvals/regret-news";
import { requestRerun } from "@/lib/services/approvals/request-rerun";
import { revokeApproval } from "@/lib/services/approvals/revoke-approval";
import { answerExecution } from "@/lib/services/outcomes/answer-execution";
import { action } from "@/lib/web/action";

// None of these draws the page again by itself: the desk goes on to the next item, or hears of the change as it happens.

export const revokeApprovalAction = action(RevokeApprovalInput, async (ctx, input) => {
  await revokeApproval(ctx, input);
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

export const answerAuditAction = action(AnswerAuditInput, async (ctx, input) => {
  await answerAudit(ctx, input);
  revalidatePath("/approvals/sample");
});

/** A screen shows it as it opens what was rolled back; the address is the only thing it sends. */
export const seeRegretAction = action(SeeRegretInput, async (ctx, { decision_id }) => {
  await seeRegretNews(ctx, decision_id);
});

export const answerExecutionAction = action(AnswerExecutionInput, answerExecution);
