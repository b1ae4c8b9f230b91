import { z } from "zod";

import { DecisionAnswer } from "@/lib/core/decisions/answer";
import { Outcome, ReportOutcomeInput } from "@/lib/core/decisions/outcome";
import { MarkRegretInput } from "@/lib/core/decisions/regret";
import { Call, Verdict } from "@/lib/core/decisions/schema";
import { requiredNote } from "@/lib/core/shared/note";
import { decideCall } from "@/lib/services/decisions/decide-call";
import { erasePayload } from "@/lib/services/decisions/erase-payload";
import { listDecisions } from "@/lib/services/decisions/list-decisions";
import { markRegret } from "@/lib/services/decisions/mark-regret";
import { showDecision } from "@/lib/services/decisions/show-decision";
import { reportOutcome } from "@/lib/services/outcomes/report-outcome";

import { created, ok, operation } from "./declare";
import { Page, PageQuery } from "./page";

const Id = z.strictObject({ id: z.uuid() });

export const decisionOperations = [
  operation({
    method: "post",
    path: "/api/v1/decisions",
    summary: "Decide one call before it runs",
    tag: "decisions",
    as: "agent",
    trusted: true,
    idempotent: true,
    traced: true,
    body: Call,
    answers: { 200: { description: "The verdict. A refusal is an answer, not an error.", schema: DecisionAnswer } },
    run: async (ctx, { body, idempotencyKey, trace }) =>
      ok(await decideCall(ctx, { call: body, idempotencyKey, trace })),
  }),
  operation({
    method: "post",
    path: "/api/v1/decisions/{id}/outcome",
    summary: "Report what became of an allowed call",
    tag: "decisions",
    as: "agent",
    params: Id,
    body: ReportOutcomeInput,
    answers: {
      201: {
        description:
          "Recorded: what the call held is settled at the cost and tokens named here, else at what it said before or its tool usually spends, else at nothing. " +
          "The same outcome again may name more later, and then the difference is counted; less takes nothing back. " +
          "An effect named with the first report is held against the dry run that was allowed, and a difference is shown to who approved.",
        schema: z.object({ decision_id: z.uuid(), outcome: Outcome, faults: z.array(z.unknown()) }),
      },
    },
    run: async (ctx, { params, body }) => created(await reportOutcome(ctx, { ...body, decisionId: params.id })),
  }),
  operation({
    method: "post",
    path: "/api/v1/decisions/{id}/regret",
    summary: "Say as a person that an approved call should not have been made",
    tag: "decisions",
    as: "member",
    params: Id,
    body: MarkRegretInput.omit({ decision_id: true }),
    answers: {
      200: {
        description: "Marked, or marked before; later calls of the tool are rated riskier.",
        schema: z.object({ decision_id: z.uuid(), marked: z.boolean() }),
      },
    },
    run: async (ctx, { params, body }) => ok(await markRegret(ctx, { decision_id: params.id, note: body.note })),
  }),
  operation({
    method: "get",
    path: "/api/v1/decisions",
    summary: "List decisions, latest first",
    tag: "decisions",
    as: "member",
    query: PageQuery.extend({
      verdict: Verdict.optional(),
      agent: z.string().max(100).optional(),
      tool: z.string().max(256).optional(),
    }),
    answers: { 200: { description: "A page.", schema: Page } },
    run: async (ctx, { query }) => ok(await listDecisions(ctx, query)),
  }),
  operation({
    method: "get",
    path: "/api/v1/decisions/{id}",
    summary: "Explain one decision: every check that ran and what it found",
    tag: "decisions",
    as: "member",
    params: Id,
    answers: { 200: { description: "The decision." } },
    run: async (ctx, { params }) => ok(await showDecision(ctx, params.id)),
  }),
  operation({
    method: "delete",
    path: "/api/v1/decisions/{id}/payload",
    summary: "Erase what a decision was about; the ledger's proofs stay valid",
    tag: "decisions",
    as: "member",
    params: Id,
    query: z.strictObject({ reason: requiredNote(500) }),
    answers: { 200: { description: "Erased for good.", schema: z.object({ erased: z.literal(true) }) } },
    run: async (ctx, { params, query }) => ok(await erasePayload(ctx, { decisionId: params.id, reason: query.reason })),
  }),
];
