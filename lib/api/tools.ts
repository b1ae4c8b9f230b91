import { z } from "zod";

import { AcceptToolInput, QuarantineToolInput } from "@/lib/core/tools/item";
import { RegisterToolInput } from "@/lib/core/tools/schema";
import { acceptTool } from "@/lib/services/tools/accept-tool";
import { listTools } from "@/lib/services/tools/list-tools";
import { quarantineTool } from "@/lib/services/tools/quarantine-tool";
import { registerTools } from "@/lib/services/tools/register-tools";

import { ok, operation } from "./declare";
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
      202: {
        description:
          "At least one loosens: it has `needs_second_person` and goes on as before until another person sends the same.",
      },
    },
    run: async (ctx, { body }) => {
      const answer = await registerTools(ctx, Array.isArray(body) ? body : [body]);
      return { status: answer.items.some((item) => item.needs_second_person) ? 202 : 201, body: answer };
    },
  }),
  operation({
    method: "post",
    path: "/api/v1/tools/{name}/quarantine",
    summary: "Hold a tool: every call of it is denied until a person accepts its definition",
    tag: "tools",
    as: "member",
    params: QuarantineToolInput.pick({ name: true }),
    body: QuarantineToolInput.omit({ name: true }),
    answers: {
      200: { description: "Held; no later decision allows it.", schema: z.object({ hash: z.string() }).loose() },
    },
    run: async (ctx, { params, body }) => ok(await quarantineTool(ctx, { ...body, ...params })),
  }),
  operation({
    method: "post",
    path: "/api/v1/tools/{name}/accept",
    summary: "Take a held tool into use, with the definition that was looked at",
    tag: "tools",
    as: "member",
    params: AcceptToolInput.pick({ name: true }),
    body: AcceptToolInput.omit({ name: true }),
    answers: { 200: { description: "In use.", schema: z.object({ name: z.string(), status: z.literal("active") }) } },
    run: async (ctx, { params, body }) => {
      await acceptTool(ctx, { ...body, ...params });
      return ok({ ...params, status: "active" });
    },
  }),
];
