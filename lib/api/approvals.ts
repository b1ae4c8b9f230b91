import { z } from "zod";

import { ApprovalState, VoteEvidence, VoteVerdict } from "@/lib/core/approvals/schema";
import { ApprovalId } from "@/lib/core/shared/brand";
import { optionalNote } from "@/lib/core/shared/note";
import { castVote } from "@/lib/services/approvals/cast-vote";
import { letAgentAsk } from "@/lib/services/approvals/let-agent-ask";
import { listApprovals } from "@/lib/services/approvals/list-approvals";
import { listFloods } from "@/lib/services/approvals/list-floods";
import { requestRerun } from "@/lib/services/approvals/request-rerun";
import { waitForApproval } from "@/lib/services/approvals/wait-for-approval";
import { withdrawApproval } from "@/lib/services/approvals/withdraw-approval";

import { ok, operation } from "./declare";
import { Page, PageQuery } from "./page";

const Id = z.strictObject({ id: z.uuid() });

export const approvalOperations = [
  operation({
    method: "get",
    path: "/api/v1/approvals",
    summary: "List approvals, latest first",
    tag: "approvals",
    as: "member",
    query: PageQuery.extend({ state: ApprovalState.optional(), agent: z.string().max(100).optional() }),
    answers: { 200: { description: "A page.", schema: Page } },
    run: async (ctx, { query }) => ok(await listApprovals(ctx, query)),
  }),
  operation({
    method: "get",
    path: "/api/v1/approvals/{id}",
    summary: "Read an approval; with `wait`, answer when it is decided or the seconds are over",
    tag: "approvals",
    as: "either",
    params: Id,
    query: z.strictObject({ wait: z.coerce.number().min(0).max(60).default(0) }),
    answers: { 200: { description: "The approval as it stands." } },
    run: async (ctx, { params, query, signal }) =>
      ok(await waitForApproval(ctx, { id: params.id, waitMs: query.wait * 1_000, signal })),
  }),
  operation({
    method: "post",
    path: "/api/v1/approvals/{id}/votes",
    summary:
      "Vote on an approval as a person. By token up to Elevated, High where the workspace allows it, Critical never; reading the approval says what approving takes",
    tag: "approvals",
    as: "member",
    params: Id,
    body: z.strictObject({
      verdict: VoteVerdict,
      display_digest: z.string().length(64).optional(),
      note: optionalNote(2_000),
      evidence: VoteEvidence.pick({ parts_viewed: true, acknowledged: true }).optional(),
    }),
    answers: { 200: { description: "The state after the vote.", schema: z.object({ state: ApprovalState }) } },
    run: async (ctx, { params, body: { evidence, ...vote } }) =>
      ok(await castVote(ctx, { approval_id: params.id, ...vote, ...(evidence && { evidence }) })),
  }),
  operation({
    method: "post",
    path: "/api/v1/approvals/{id}/withdraw",
    summary: "Withdraw a request that is no longer needed",
    tag: "approvals",
    as: "agent",
    params: Id,
    answers: { 200: { description: "The state after it.", schema: z.object({ state: ApprovalState }) } },
    run: async (ctx, { params }) => ok(await withdrawApproval(ctx, params.id)),
  }),
  operation({
    method: "post",
    path: "/api/v1/approvals/{id}/rerun",
    summary: "Ask the agent to make its dry run again",
    tag: "approvals",
    as: "member",
    params: Id,
    answers: { 200: { description: "Asked; the agent reads it where it waits." } },
    run: async (ctx, { params }) => ok(await requestRerun(ctx, { approval_id: ApprovalId.parse(params.id) })),
  }),
  operation({
    method: "get",
    path: "/api/v1/floods",
    summary: "List agents that asked for so much that they may ask for nothing for a while",
    tag: "approvals",
    as: "member",
    answers: { 200: { description: "The paused agents." } },
    run: async (ctx) => ok(await listFloods(ctx)),
  }),
  operation({
    method: "delete",
    path: "/api/v1/floods/{agent}",
    summary: "Let a paused agent ask again",
    tag: "approvals",
    as: "member",
    params: z.strictObject({ agent: z.string().min(1).max(100) }),
    answers: { 200: { description: "It may ask again." } },
    run: async (ctx, { params }) => ok(await letAgentAsk(ctx, params)),
  }),
];
