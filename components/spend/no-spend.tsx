import { NoFigures } from "@/components/charts/no-figures";
import { rangeWords } from "@/lib/core/charts/time-words";
import type { SpendPage } from "@/lib/core/figures/spend";
import { paths } from "@/lib/core/shared/paths";
import { DAY_MS } from "@/lib/core/shared/time";

import { spendAddress, spendFilters, unfiltered } from "./spend-address";

/** Why there is nothing to show, with what leads out of it. */
export function NoSpend({ page, now }: { page: SpendPage; now: Date }) {
  const { query, range, latest } = page;
  const length = range.to.getTime() - range.from.getTime();
  // A range as long as this one that ends with the day of the last spend, so that it is on the page.
  const end = latest && new Date(Math.min(now.getTime(), latest.getTime() + DAY_MS));
  const last = end && { from: new Date(end.getTime() - length), to: end };
  return (
    <NoFigures
      what="spend"
      range={rangeWords(range, range.zone, now)}
      unfilteredHref={spendFilters(query).length > 0 ? paths.spend(unfiltered(query)) : null}
      last={
        last && {
          words: rangeWords(last, range.zone, now),
          href: paths.spend(spendAddress(query, { from: last.from.toISOString(), to: last.to.toISOString() })),
        }
      }
      teach={
        <p>
          Spend appears with the first model call that an agent’s telemetry tells. Each agent’s page has the snippets
          for OpenTelemetry, Claude Code, the Vercel AI SDK and plain HTTP; <code>DEMO=1 npm start</code> loads a
          demonstration with some.
        </p>
      }
    />
  );
}
