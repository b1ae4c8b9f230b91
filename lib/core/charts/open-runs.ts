import type { EventFilter } from "@/lib/core/runs/schema";
import { paths } from "@/lib/core/shared/paths";

/** What the runs list can be narrowed to beside a range. */
export type RunsBy = "agent" | EventFilter;

/** How the points of a chart open the runs behind them. */
export type OpenRuns = {
  /** What every point is narrowed to, as the page is. */
  readonly query: Readonly<Partial<Record<RunsBy, string | undefined>>>;
  /** What the key of a line narrows its runs to; null where the list knows no such filter. */
  readonly by: RunsBy | null;
  readonly tz: string;
};

/** The runs of a stretch of time, of one line of a chart or of all. */
export function runsHref(open: OpenRuns, { from, to }: { from: string; to: string }, key: string | null): string {
  return paths.runs({ ...open.query, ...(open.by !== null && key ? { [open.by]: key } : {}), from, to, tz: open.tz });
}
