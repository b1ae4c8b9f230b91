import { figure, whole } from "./format";
import type { Series } from "./rounds";
import type { Spread } from "./statistics";

/** Rows of cells as lines of text: the first column to the left, numbers to the right, text at the end as it is. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => {
      const cells = row.map((cell, column) =>
        column === 0 || (column === row.length - 1 && rows[0]?.[column] === "")
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      );
      return `  ${cells.join("  ").trimEnd()}`;
    })
    .join("\n");
}

const HEAD = ["", "req/s", "(min–max)", "p50", "p99", "p99.9", "Node", "Postgres", "batch", "WAL", ""];

/** What the columns of a table of series mean, for whoever reads it the first time. */
export const LEGEND =
  "  Latencies in ms. Node and Postgres: CPU µs per decision. batch: decisions per transaction. WAL: bytes per decision.";

/** Servers one below the other, each with the medians of its rounds. */
export function seriesTable(all: readonly Series[], nameOf: (series: Series) => string): string {
  return alignColumns([HEAD, ...all.map((series) => rowOf(series, nameOf(series)))]);
}

function rowOf({ figures, wrong }: Series, name: string): readonly string[] {
  const rate = figures.perSecond;
  return [
    name,
    show(rate, whole),
    rate === null ? "" : `(${whole(rate.least)}–${whole(rate.most)})`,
    show(figures.p50, figure),
    show(figures.p99, figure),
    show(figures.p999, figure),
    show(figures.nodeUs, whole),
    show(figures.postgresUs, whole),
    show(figures.batch, (value) => value.toFixed(1)),
    show(figures.walBytes, whole),
    wrong > 0 ? `${wrong} not answered` : "",
  ];
}

const show = (spread: Spread | null, as: (value: number) => string) => (spread === null ? "n/a" : as(spread.median));
