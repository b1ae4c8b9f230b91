import { z } from "zod";

import { listRuns } from "@/lib/services/traces/list-runs";
import { showRun } from "@/lib/services/traces/show-run";

import { ok, operation } from "./declare";
import { Page, PageQuery } from "./page";

export const traceOperations = [
  operation({
    method: "get",
    path: "/api/v1/runs",
    summary: "List runs, latest first",
    tag: "runs",
    as: "member",
    query: PageQuery.extend({
      agent: z.string().max(100).optional(),
      session: z.string().max(200).optional(),
      state: z.enum(["running", "halted", "ended"]).optional(),
    }),
    answers: { 200: { description: "A page.", schema: Page } },
    run: async (ctx, { query }) => ok(await listRuns(ctx, query)),
  }),
  operation({
    method: "get",
    path: "/api/v1/runs/{id}",
    summary: "Show a run with every call made in it",
    tag: "runs",
    as: "member",
    params: z.strictObject({ id: z.uuid() }),
    answers: { 200: { description: "The run." } },
    run: async (ctx, { params }) => ok(await showRun(ctx, params.id)),
  }),
];
