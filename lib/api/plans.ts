import { PlanAnswer, PlanInput } from "@/lib/core/decisions/plan";
import { checkPlan } from "@/lib/services/decisions/check-plan";

import { ok, operation } from "./declare";

export const planOperations = [
  operation({
    method: "post",
    path: "/api/v1/plans",
    summary: "Check a list of calls, and how each would be undone, before any is made; nothing is consumed",
    tag: "decisions",
    as: "agent",
    body: PlanInput,
    answers: { 200: { description: "What would become of each call, in order.", schema: PlanAnswer } },
    run: async (ctx, { body }) => ok(await checkPlan(ctx, body)),
  }),
];
