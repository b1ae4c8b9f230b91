import { z } from "zod";

import { ApprovalState, VoteVerdict } from "@/lib/core/approvals/schema";
import { castVote } from "@/lib/services/approvals/cast-vote";
import { listApprovals } from "@/lib/services/approvals/list-approvals";
import { readApproval } from "@/lib/services/approvals/read-approval";
import { withdrawApproval } from "@/lib/services/approvals/withdraw-approval";
import type { ServiceContext } from "@/lib/services/context";

import { ok, operation } from "./declare";
import { Page, PageQuery } from "./page";
import { nextChange } from "./wake";

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
    run: async (ctx, { params, query, signal }) => ok(await waitForApproval(ctx, params.id, query.wait * 1000, signal)),
  }),
  operation({
    method: "post",
    path: "/api/v1/approvals/{id}/votes",
    summary: "Vote on an approval as a person",
    tag: "approvals",
    as: "member",
    params: Id,
    body: z.strictObject({
      verdict: VoteVerdict,
      display_digest: z.string().length(64).optional(),
      note: z.string().trim().max(2_000).default(""),
    }),
    answers: { 200: { description: "The state after the vote.", schema: z.object({ state: ApprovalState }) } },
    run: async (ctx, { params, body }) => ok(await castVote(ctx, { approval_id: params.id, ...body })),
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
];

/** Reads again on every change of the workspace, and each second whatever happens, until the approval no longer waits. */
async function waitForApproval(ctx: ServiceContext, id: string, waitMs: number, signal: AbortSignal) {
  const until = Date.now() + waitMs;
  for (;;) {
    const changed = nextChange(ctx.workspaceId, Math.min(1_000, Math.max(0, until - Date.now())), signal);
    const approval = await readApproval(ctx, id);
    if (approval.state !== "waiting" || Date.now() >= until || signal.aborted) return approval;
    await changed;
  }
}
