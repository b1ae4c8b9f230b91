import { z } from "zod";

import { AdviceId, AdviceList, DismissAdviceInput, RestoreAdviceInput } from "@/lib/core/advice/schema";
import { dismissAdvice } from "@/lib/services/advice/dismiss-advice";
import { exportAdvice, listAdvice } from "@/lib/services/advice/list-advice";
import { restoreAdvice } from "@/lib/services/advice/restore-advice";

import { ok, operation } from "./declare";
import { download, once } from "./download";

const changed = (state: string) => ({ schema: z.object({ id: AdviceId, state: z.literal(state) }) });

export const adviceOperations = [
  operation({
    method: "get",
    path: "/api/v1/advice",
    summary:
      "List what the last two weeks of telemetry say is spent needlessly, what is worth most first; CSV with `format=csv`",
    tag: "metrics",
    as: "session",
    query: z.strictObject({ format: z.enum(["json", "csv"]).optional() }),
    answers: {
      200: {
        description: "Advice, dismissed or not. Money is in trillionths of a dollar in 30 days.",
        schema: AdviceList,
      },
    },
    run: async (ctx, { query, accept }) => {
      const isCsv = (query.format ?? (/^text\/csv\b/i.test(accept ?? "") ? "csv" : "json")) === "csv";
      if (!isCsv) return ok(await listAdvice(ctx));
      const file = { type: "text/csv", filename: "interlock-advice.csv" };
      return ok(await download(ctx, async () => once(await exportAdvice(ctx)), file));
    },
  }),
  operation({
    method: "post",
    path: "/api/v1/advice/{id}/dismiss",
    summary: "Dismiss advice with the reason; it comes back when it is worth twice as much",
    tag: "metrics",
    as: "member",
    params: RestoreAdviceInput,
    body: DismissAdviceInput.omit({ id: true }),
    answers: { 200: { description: "Dismissed.", ...changed("dismissed") } },
    run: async (ctx, { params, body }) => ok(await dismissAdvice(ctx, { ...body, id: params.id })),
  }),
  operation({
    method: "post",
    path: "/api/v1/advice/{id}/restore",
    summary: "Bring back advice that was dismissed",
    tag: "metrics",
    as: "member",
    params: RestoreAdviceInput,
    answers: { 200: { description: "Brought back.", ...changed("open") } },
    run: async (ctx, { params }) => ok(await restoreAdvice(ctx, params)),
  }),
];
