import { z } from "zod";

import { HandOffInput, TakeBatchInput } from "@/lib/core/approvals/batch";
import { ApproveGroupInput, DenyTogetherInput } from "@/lib/core/approvals/group";
import { ApprovalRef } from "@/lib/core/approvals/schema";
import { approveGroup } from "@/lib/services/approvals/approve-group";
import { askForAction } from "@/lib/services/approvals/ask-for-action";
import { deferAction } from "@/lib/services/approvals/defer-action";
import { denyTogether } from "@/lib/services/approvals/deny-together";
import { endBatch } from "@/lib/services/approvals/end-batch";
import { handOffAction } from "@/lib/services/approvals/hand-off-action";
import { renewBatch } from "@/lib/services/approvals/renew-batch";
import { takeBatch } from "@/lib/services/approvals/take-batch";

import { created, ok, operation } from "./declare";

const Id = z.strictObject({ id: z.uuid() });
const idOf = (params: { readonly id: string }) => ApprovalRef.parse({ approval_id: params.id });
const Done = z.strictObject({ ok: z.literal(true) });
const done = () => ok({ ok: true });

/** The desk for programs: what a person takes, puts down and hands on. Votes take one action each, `votes` below it. */
export const batchOperations = [
  operation({
    method: "post",
    path: "/api/v1/batches",
    summary: "Take the next batch of actions to decide; with one in hand, answers with that",
    tag: "approvals",
    as: "member",
    body: TakeBatchInput,
    answers: { 201: { description: "The actions leased to you." } },
    run: async (ctx, { body }) => created(await takeBatch(ctx, body)),
  }),
  operation({
    method: "post",
    path: "/api/v1/batches/renew",
    summary: "Hold the rest of your batch for another ten minutes, once",
    tag: "approvals",
    as: "member",
    answers: { 200: { description: "Until when." } },
    run: async (ctx) => ok(await renewBatch(ctx)),
  }),
  operation({
    method: "post",
    path: "/api/v1/batches/end",
    summary: "Give back what is left of your batch",
    tag: "approvals",
    as: "member",
    answers: { 200: { description: "How many went back." } },
    run: async (ctx) => ok(await endBatch(ctx)),
  }),
  operation({
    method: "post",
    path: "/api/v1/approvals/{id}/defer",
    summary: "Put an action off: the end of your batch, the same deadline",
    tag: "approvals",
    as: "member",
    params: Id,
    answers: { 200: { description: "Recorded.", schema: Done } },
    run: async (ctx, { params }) => {
      await deferAction(ctx, idOf(params));
      return done();
    },
  }),
  operation({
    method: "post",
    path: "/api/v1/approvals/{id}/hand-off",
    summary: "Hand an action to a person who may decide it, or, with `to` null, back to the pool",
    tag: "approvals",
    as: "member",
    params: Id,
    body: HandOffInput.omit({ approval_id: true }),
    answers: { 200: { description: "Recorded.", schema: Done } },
    run: async (ctx, { params, body }) => {
      await handOffAction(ctx, { ...idOf(params), ...body });
      return done();
    },
  }),
  operation({
    method: "post",
    path: "/api/v1/approvals/{id}/ask",
    summary: "Ask whoever looks at an action to hand it over",
    tag: "approvals",
    as: "member",
    params: Id,
    answers: { 200: { description: "Recorded.", schema: Done } },
    run: async (ctx, { params }) => {
      await askForAction(ctx, idOf(params));
      return done();
    },
  }),
  operation({
    method: "post",
    path: "/api/v1/approvals/denials",
    summary: "Deny up to 25 actions with one reason, each judged by itself",
    tag: "approvals",
    as: "member",
    body: DenyTogetherInput,
    answers: { 200: { description: "What became of each." } },
    run: async (ctx, { body }) => ok(await denyTogether(ctx, body)),
  }),
  operation({
    method: "post",
    path: "/api/v1/approvals/group-approvals",
    summary: "Approve a whole group of at most five Low actions that are alike, each named with the digest shown",
    tag: "approvals",
    as: "member",
    body: ApproveGroupInput,
    answers: { 200: { description: "How many were approved." } },
    run: async (ctx, { body }) => ok(await approveGroup(ctx, body)),
  }),
];
