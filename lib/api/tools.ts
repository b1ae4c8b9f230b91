import { z } from "zod";

import { RegisterToolInput } from "@/lib/core/tools/schema";
import { listTools } from "@/lib/services/tools/list-tools";
import { registerTools } from "@/lib/services/tools/register-tools";

import { created, ok, operation } from "./declare";
import { Page, PageQuery } from "./page";

export const toolOperations = [
  operation({
    method: "get",
    path: "/api/v1/tools",
    summary: "List the tool catalogue",
    tag: "tools",
    as: "member",
    query: PageQuery,
    answers: { 200: { description: "A page.", schema: Page } },
    run: async (ctx, { query }) => ok(await listTools(ctx, query)),
  }),
  operation({
    method: "post",
    path: "/api/v1/tools",
    summary: "Add tools to the catalogue or change them: one, or a list",
    tag: "tools",
    as: "member",
    body: z.union([RegisterToolInput, z.array(RegisterToolInput).min(1).max(500)]),
    answers: {
      201: {
        description: "Each tool with its definition hash.",
        schema: z.object({
          items: z.array(z.object({ name: z.string(), hash: z.string(), status: z.string() }).loose()),
        }),
      },
    },
    run: async (ctx, { body }) => created(await registerTools(ctx, Array.isArray(body) ? body : [body])),
  }),
];
