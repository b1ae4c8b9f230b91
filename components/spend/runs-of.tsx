import type { ReactNode } from "react";

import { RowLink } from "@/components/ui/row-link";
import { type OpenRuns, type RunsBy, runsHref } from "@/lib/core/charts/open-runs";
import type { SpendQuery } from "@/lib/core/figures/spend";
import type { Range } from "@/lib/core/figures/range";

/** How the figures of the page open the runs behind them: narrowed as the page is, in its range and zone. */
export function openRuns({ query, range }: { query: SpendQuery; range: Range }, by: RunsBy | null): OpenRuns {
  const { agent, model, provider, tool } = query;
  return { query: { agent, model, provider, tool }, by, tz: range.text.tz };
}

type RunsOfProps = {
  open: OpenRuns;
  range: Pick<Range["text"], "from" | "to">;
  /** The value of `open.by` that is meant; null for all. */
  of: string | null;
  children: ReactNode;
};

/** A figure that opens the runs it was counted from. */
export function RunsOf({ open, range, of, children }: RunsOfProps) {
  return (
    <RowLink href={runsHref(open, { from: range.from, to: range.to }, of)} prefetch={false}>
      {children}
    </RowLink>
  );
}
