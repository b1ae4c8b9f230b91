import { z } from "zod";

import { csvRow } from "@/lib/core/shared/csv";
import { usdOfPico } from "@/lib/core/shared/money";

import { SPEND_DIMENSIONS } from "./measures";
import { BUCKETS, COMPARISONS, type Range } from "./range";
import type { SpendFigures, SpendSeries, SpendTable } from "./spend";

/* The figures of spend as programs and spreadsheets read them: the same numbers as on the page, money in dollars. */

/** Each measure with the figure that it is, in the order of a file's columns. */
const FIGURES = {
  cost_usd: "costPicos",
  wasted_usd: "wastedPicos",
  events: "events",
  errors: "errors",
  model_calls: "modelCalls",
  tool_calls: "toolCalls",
  tokens_input: "tokensInput",
  tokens_output: "tokensOutput",
  tokens_cache_read: "tokensCacheRead",
  retries: "retries",
  failed_validations: "failedValidations",
  runs: "runs",
  succeeded: "succeeded",
} as const satisfies Readonly<Record<string, keyof SpendFigures>>;

export type MetricName = keyof typeof FIGURES;
export const METRIC_NAMES = Object.keys(FIGURES) as MetricName[];
const MetricName = z.enum(METRIC_NAMES);

/** A list of measures from a query, each once. */
const MeasureList = z
  .string()
  .max(500)
  .transform((text) => [...new Set(text.split(",").map((name) => name.trim()))])
  .pipe(z.array(MetricName).min(1));

const Name = z.string().min(1).max(200).optional();

/** What figures are asked for with. Unlike a page, a program is told when a value cannot be read. */
export const MetricsQuery = z.strictObject({
  /** `now-7d`, `now-24h`, a date, or an instant with its offset; `now-7d` is seven local days including today. */
  from: z.string().max(64).optional(),
  to: z.string().max(64).optional(),
  /** What to compare with; none unless asked for. */
  cmp: z.enum(COMPARISONS).default("none"),
  /** An IANA time zone, such as Europe/Berlin: what a day is. */
  tz: z.string().max(64).optional(),
  by: z.enum(SPEND_DIMENSIONS).default("agent"),
  agent: Name,
  model: Name,
  provider: Name,
  tool: Name,
  /** Measures, separated by commas; all of them unless given. */
  measure: MeasureList.optional(),
  format: z.enum(["json", "csv"]).optional(),
});
export type MetricsQuery = z.infer<typeof MetricsQuery>;

const Values = z.partialRecord(MetricName, z.string().nullable());

/** Sums are decimal text, because they outgrow what a number holds exactly. */
export const Metrics = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  time_zone: z.string(),
  compared: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }).nullable(),
  by: z.enum(SPEND_DIMENSIONS),
  measures: z.array(MetricName),
  total: z.object({ now: Values, before: Values.nullable() }),
  /** Every value, the most expensive first; runs are null where a split does not know them. */
  rows: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      owner: z.string().nullable(),
      now: Values,
      before: Values.nullable(),
    }),
  ),
  /** Whether rows add up to the total; tags do not, since an event has several or none. */
  adds_up: z.boolean(),
  bucket: z.enum(BUCKETS),
  /** The cost of all in each part of the range, by when it starts. */
  buckets: z.array(z.object({ from: z.iso.datetime(), cost_usd: z.string() })),
});
export type Metrics = z.infer<typeof Metrics>;

/** The figures of a range by the measures asked for. */
export function metricsOf(
  range: Range,
  { table, series }: { readonly table: SpendTable; readonly series: readonly SpendSeries[] },
  measures: readonly MetricName[] = METRIC_NAMES,
): Metrics {
  const pick = (figures: SpendFigures) =>
    Object.fromEntries(measures.map((name) => [name, valueOf(name, figures)])) as z.infer<typeof Values>;
  const both = ({ now, before }: { readonly now: SpendFigures; readonly before: SpendFigures | null }) => ({
    now: pick(now),
    before: before && pick(before),
  });
  const { compared } = range;
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    time_zone: range.zone,
    compared: compared && { from: compared.from.toISOString(), to: compared.to.toISOString() },
    by: table.by,
    measures: [...measures],
    total: both(table.all),
    rows: table.rows.map((row) => ({ key: row.key, label: row.label, owner: row.owner, ...both(row) })),
    adds_up: table.addsUp,
    bucket: range.bucket,
    buckets: range.buckets.map((from, index) => ({
      from: from.toISOString(),
      cost_usd: usdOfPico(series.reduce((sum, { costs }) => sum + BigInt(costs[index] ?? 0), 0n)),
    })),
  };
}

function valueOf(name: MetricName, figures: SpendFigures): string | null {
  const value = figures[FIGURES[name]];
  return value !== null && name.endsWith("_usd") ? usdOfPico(BigInt(value)) : value;
}

/** The rows as CSV: what was asked for stands in the first lines, the total in the last. */
export function metricsCsv(
  metrics: Metrics,
  filters: Readonly<Record<string, string | undefined>>,
  made: Date,
): string {
  const { measures, compared } = metrics;
  const columns = [...measures, ...(compared ? measures.map((name) => `${name} before`) : [])];
  const cells = ({ now, before }: Metrics["total"]) => [
    ...measures.map((name) => now[name] ?? null),
    ...(compared ? measures.map((name) => before?.[name] ?? null) : []),
  ];
  return [
    csvRow(["Interlock, spend", made.toISOString()]),
    csvRow(["from", metrics.from]),
    csvRow(["to", metrics.to]),
    csvRow(["time zone", metrics.time_zone]),
    ...(compared ? [csvRow(["compared from", compared.from]), csvRow(["compared to", compared.to])] : []),
    ...Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [csvRow([name, value])])),
    csvRow([metrics.by, "name", "owner", ...columns]),
    ...metrics.rows.map((row) => csvRow([row.key, row.label, row.owner, ...cells(row)])),
    csvRow(["", metrics.adds_up ? "All" : "All, which rows do not add up to", null, ...cells(metrics.total)]),
  ].join("");
}
