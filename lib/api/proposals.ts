import { RejectProposalInput, SettledProposal, WithdrawProposalInput } from "@/lib/core/people/proposal";
import { rejectProposal } from "@/lib/services/people/reject-proposal";
import { withdrawProposal } from "@/lib/services/people/withdraw-proposal";

import { ok, operation } from "./declare";

export const proposalOperations = [
  operation({
    method: "post",
    path: "/api/v1/proposals/{id}/withdraw",
    summary: "Take back a level, an environment or a tool's class that you proposed and that waits for a second person",
    tag: "workspace",
    as: "member",
    params: WithdrawProposalInput,
    answers: { 200: { description: "Withdrawn; what held before still holds.", schema: SettledProposal } },
    run: async (ctx, { params }) => ok(await withdrawProposal(ctx, params)),
  }),
  operation({
    method: "post",
    path: "/api/v1/proposals/{id}/reject",
    summary: "Say no to what another person proposed, with a reason",
    tag: "workspace",
    as: "member",
    params: RejectProposalInput.pick({ id: true }),
    body: RejectProposalInput.omit({ id: true }),
    answers: { 200: { description: "Rejected; what held before still holds.", schema: SettledProposal } },
    run: async (ctx, { params, body }) => ok(await rejectProposal(ctx, { ...params, ...body })),
  }),
];
