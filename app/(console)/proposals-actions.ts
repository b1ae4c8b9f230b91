"use server";

import { revalidatePath } from "next/cache";

import { RejectProposalInput, WithdrawProposalInput } from "@/lib/core/people/proposal";
import { rejectProposal } from "@/lib/services/people/reject-proposal";
import { withdrawProposal } from "@/lib/services/people/withdraw-proposal";
import { action } from "@/lib/web/action";

export const withdrawProposalAction = action(WithdrawProposalInput, async (ctx, input) => {
  const answer = await withdrawProposal(ctx, input);
  revalidatePath("/", "layout");
  return answer;
});

export const rejectProposalAction = action(RejectProposalInput, async (ctx, input) => {
  const answer = await rejectProposal(ctx, input);
  revalidatePath("/", "layout");
  return answer;
});
