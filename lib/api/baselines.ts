import { z } from "zod";

import { Baseline } from "@/lib/core/baselines/schema";
import { recordBaseline } from "@/lib/services/baselines/record-baseline";
import { removeBaseline } from "@/lib/services/baselines/remove-baseline";
import { showOutcomes } from "@/lib/services/baselines/show-outcomes";

import { AgentPath } from "./agents";
import { ok, operation } from "./declare";

export const baselineOperations = [
  operation({
    method: "get",
    path: "/api/v1/agents/{id}/outcomes",
    summary: "Show what an agent's finished runs of 28 days came to beside its baseline",
    tag: "agents",
    as: "member",
    params: AgentPath,
    answers: { 200: { description: "The lines of the comparison, with n, and intervals on the differences." } },
    run: async (ctx, { params }) => ok(await showOutcomes(ctx, params.id)),
  }),
  operation({
    method: "put",
    path: "/api/v1/agents/{id}/baseline",
    summary: "Record how an agent's work was done before it, in the place of what was recorded before",
    tag: "agents",
    as: "member",
    params: AgentPath,
    body: Baseline,
    answers: { 200: { description: "Recorded.", schema: z.object({ id: z.uuid() }) } },
    run: async (ctx, { params, body }) => ok(await recordBaseline(ctx, { agent: params.id, baseline: body })),
  }),
  operation({
    method: "delete",
    path: "/api/v1/agents/{id}/baseline",
    summary: "Remove an agent's baseline",
    tag: "agents",
    as: "member",
    params: AgentPath,
    answers: { 200: { description: "Removed.", schema: z.object({ removed: z.literal(true) }) } },
    run: async (ctx, { params }) => {
      await removeBaseline(ctx, { agent: params.id });
      return ok({ removed: true });
    },
  }),
];
