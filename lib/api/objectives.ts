import { z } from "zod";

import { ObjectiveRef, SetObjectiveInput } from "@/lib/core/objectives/schema";
import { AgentHandle } from "@/lib/core/shared/names";
import { listObjectives } from "@/lib/services/objectives/list-objectives";
import { removeObjective } from "@/lib/services/objectives/remove-objective";
import { setObjective } from "@/lib/services/objectives/set-objective";

import { ok, operation } from "./declare";

export const objectiveOperations = [
  operation({
    method: "get",
    path: "/api/v1/objectives",
    summary:
      "List the objectives of agents: what was attained, how much of the error budget is left and how fast it goes",
    tag: "alerts",
    as: "member",
    query: z.object({ agent: AgentHandle.optional() }),
    answers: {
      200: { description: "The objectives in force, by agent. Days are of UTC; fewer than 20 are not judged." },
    },
    run: async (ctx, { query }) => ok({ items: await listObjectives(ctx, query.agent) }),
  }),
  operation({
    method: "put",
    path: "/api/v1/objectives",
    summary: "Set an objective of an agent in the place of its objective of the same measure",
    tag: "alerts",
    as: "member",
    body: SetObjectiveInput,
    answers: { 200: { description: "In force.", schema: z.object({ id: z.uuid() }) } },
    run: async (ctx, { body }) => ok(await setObjective(ctx, body)),
  }),
  operation({
    method: "delete",
    path: "/api/v1/objectives",
    summary: "Remove an agent's objective of a measure",
    tag: "alerts",
    as: "member",
    query: ObjectiveRef,
    answers: { 200: { description: "Removed.", schema: z.object({ removed: z.literal(true) }) } },
    run: async (ctx, { query }) => {
      await removeObjective(ctx, query);
      return ok({ removed: true });
    },
  }),
];
