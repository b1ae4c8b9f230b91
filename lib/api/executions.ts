import { z } from "zod";

import { AnswerExecutionInput } from "@/lib/core/decisions/execution";
import { answerExecution } from "@/lib/services/outcomes/answer-execution";
import { listUnknown } from "@/lib/services/outcomes/list-unknown";

import { created, ok, operation } from "./declare";

export const executionOperations = [
  operation({
    method: "get",
    path: "/api/v1/executions/unknown",
    summary: "List allowed calls of which nobody knows whether they ran, the oldest first",
    tag: "executions",
    as: "member",
    answers: { 200: { description: "At most a hundred.", schema: z.object({ items: z.array(z.unknown()) }) } },
    run: async (ctx) => ok(await listUnknown(ctx)),
  }),
  operation({
    method: "post",
    path: "/api/v1/executions/{id}/answer",
    summary: "Say whether such a call ran, by the id of its decision",
    tag: "executions",
    as: "member",
    params: z.strictObject({ id: z.uuid() }),
    body: AnswerExecutionInput.omit({ decision_id: true }),
    answers: {
      201: { description: "Recorded.", schema: z.object({ decision_id: z.uuid(), answer: z.string() }) },
    },
    run: async (ctx, { params, body }) => created(await answerExecution(ctx, { ...body, decision_id: params.id })),
  }),
];
