import { Metrics, MetricsQuery } from "@/lib/core/figures/metrics";
import { exportMetrics, listMetrics } from "@/lib/services/figures/list-metrics";

import { ok, operation } from "./declare";
import { download, once } from "./download";

export const metricsOperations = [
  operation({
    method: "get",
    path: "/api/v1/metrics",
    summary:
      "List what was spent in a range, split and narrowed, as JSON, or as CSV with `format=csv` or `Accept: text/csv`",
    tag: "metrics",
    as: "session",
    query: MetricsQuery,
    answers: { 200: { description: "The figures of the page of spend.", schema: Metrics } },
    run: async (ctx, { query, accept }) => {
      const isCsv = (query.format ?? (/^text\/csv\b/i.test(accept ?? "") ? "csv" : "json")) === "csv";
      if (!isCsv) return ok(await listMetrics(ctx, query));
      const file = { type: "text/csv", filename: "interlock-spend.csv" };
      return ok(await download(ctx, async () => once(await exportMetrics(ctx, query)), file));
    },
  }),
];
