import { z } from "zod";

import { HistoryQuery } from "@/lib/core/approvals/history";
import { exportHistory } from "@/lib/services/approvals/export-history";

import { ok, operation } from "./declare";
import { download } from "./download";

const { cursor: _cursor, ...filters } = HistoryQuery.shape;

export const historyOperations = [
  operation({
    method: "get",
    path: "/api/v1/approvals/export",
    summary: "Download the history of actions, latest first, narrowed as its page is",
    tag: "approvals",
    as: "session",
    query: z.strictObject(filters),
    answers: { 200: { description: "CSV; what was asked for stands in the first lines." } },
    run: async (ctx, { query }) =>
      ok(await download(ctx, () => exportHistory(ctx, query), { type: "text/csv", filename: "interlock-history.csv" })),
  }),
];
