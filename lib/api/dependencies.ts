import { z } from "zod";

import { ResetDependencyInput, ShownDependencies } from "@/lib/core/tools/dependency";
import { listDependencies } from "@/lib/services/tools/list-dependencies";
import { resetDependency } from "@/lib/services/tools/reset-dependency";

import { ok, operation } from "./declare";

export const dependencyOperations = [
  operation({
    method: "get",
    path: "/api/v1/dependencies",
    summary: "List the systems that tools depend on, and whether calls to them are refused because they failed",
    tag: "tools",
    as: "member",
    answers: {
      200: {
        description:
          "Those that fail most first. `open` refuses calls until `until`, `half_open` lets the next one try, `trying` waits for its outcome.",
        schema: ShownDependencies,
      },
    },
    run: async (ctx) => ok(await listDependencies(ctx)),
  }),
  operation({
    method: "post",
    path: "/api/v1/dependencies/{name}/reset",
    summary: "Close the breaker of a dependency by hand: its failures are forgotten",
    tag: "tools",
    as: "member",
    params: ResetDependencyInput.pick({ name: true }),
    body: ResetDependencyInput.omit({ name: true }),
    answers: {
      200: {
        description: "Closed; later decisions count failures from none.",
        schema: z.object({ name: z.string(), failures: z.int() }),
      },
    },
    run: async (ctx, { params, body }) => ok(await resetDependency(ctx, { ...body, ...params })),
  }),
];
