import { Showback, ShowbackQuery } from "@/lib/core/figures/showback";
import { exportShowback, showShowback } from "@/lib/services/figures/show-showback";

import { ok, operation } from "./declare";
import { download, once } from "./download";

export const showbackOperations = [
  operation({
    method: "get",
    path: "/api/v1/showback",
    summary:
      "Say what each owner's agents cost in a month, by model and tool, as JSON, or as CSV with `format=csv` or `Accept: text/csv`",
    tag: "metrics",
    as: "session",
    query: ShowbackQuery,
    answers: { 200: { description: "The total is that of the page of spend for the same month.", schema: Showback } },
    run: async (ctx, { query, accept }) => {
      const isCsv = (query.format ?? (/^text\/csv\b/i.test(accept ?? "") ? "csv" : "json")) === "csv";
      if (!isCsv) return ok(await showShowback(ctx, query));
      const file = { type: "text/csv", filename: `interlock-showback-${query.month}.csv` };
      return ok(await download(ctx, async () => once(await exportShowback(ctx, query)), file));
    },
  }),
];
