import { z } from "zod";

import { BudgetInput } from "@/lib/core/budgets/schema";
import { RemoveBudgetInput, ShownBudgets, ShownPreview } from "@/lib/core/budgets/shown";
import { listBudgets } from "@/lib/services/budgets/list-budgets";
import { previewBudget } from "@/lib/services/budgets/preview-budget";
import { removeBudget } from "@/lib/services/budgets/remove-budget";
import { setBudget } from "@/lib/services/budgets/set-budget";

import { created, ok, operation } from "./declare";

export const budgetOperations = [
  operation({
    method: "get",
    path: "/api/v1/budgets",
    summary: "List the budgets that warn and how each stands, and today's budgets of manifests, which stop calls",
    tag: "traces",
    as: "member",
    answers: {
      200: {
        description:
          "Used and last hour are trillionths of a dollar or tokens; budgets of manifests are in millionths.",
        schema: ShownBudgets,
      },
    },
    run: async (ctx) => ok(await listBudgets(ctx)),
  }),
  operation({
    method: "post",
    path: "/api/v1/budgets",
    summary: "Set a budget that tells people when it is nearly or wholly used up; it stops no call",
    tag: "traces",
    as: "member",
    body: BudgetInput,
    answers: {
      201: {
        description: "Set. It replaces one for the same subject, period, zone and metric.",
        schema: z.object({ id: z.uuid() }),
      },
    },
    run: async (ctx, { body }) => created(await setBudget(ctx, body)),
  }),
  operation({
    method: "post",
    path: "/api/v1/budgets/preview",
    summary: "Say what a cap would have meant for the latest whole periods; sets nothing",
    tag: "traces",
    as: "member",
    body: BudgetInput,
    answers: { 200: { description: "The periods, the earliest first.", schema: ShownPreview } },
    run: async (ctx, { body }) => ok(await previewBudget(ctx, body)),
  }),
  operation({
    method: "delete",
    path: "/api/v1/budgets/{id}",
    summary: "Remove a budget that warns",
    tag: "traces",
    as: "member",
    params: RemoveBudgetInput,
    answers: { 200: { description: "Removed.", schema: z.object({ removed: z.literal(true) }) } },
    run: async (ctx, { params }) => {
      await removeBudget(ctx, params);
      return ok({ removed: true });
    },
  }),
];
