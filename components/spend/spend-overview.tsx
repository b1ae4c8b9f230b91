import { Delta } from "@/components/charts/delta";
import { TimeChart } from "@/components/charts/time-chart";
import { Section } from "@/components/ui/section";
import type { FileHead } from "@/lib/core/charts/chart";
import { byBucket, shownRange } from "@/lib/core/charts/shown-range";
import { movedMost, spendChart } from "@/lib/core/charts/spend-chart";
import { momentWords } from "@/lib/core/charts/time-words";
import { amountText } from "@/lib/core/charts/units";
import { beganLate, type SpendPage } from "@/lib/core/figures/spend";

import { openRuns, RunsOf } from "./runs-of";

/** What was spent in the range, how that differs from before, and when. */
export function SpendOverview({ page, now, file }: { page: SpendPage; now: Date; file: FileHead }) {
  const { total, range } = page;
  const open = openRuns(page, "agent");
  const { comparedWords } = shownRange(range, now);
  const marked = movedMost(page);
  const began = beganLate(page);
  return (
    <Section
      title={
        <>
          <RunsOf open={open} range={range.text} of={null}>
            {amountText("usd", total.now.costPicos)}
          </RunsOf>{" "}
          spent
        </>
      }
      aside={
        <span className="text-sm text-text">
          <Delta unit="usd" now={total.now.costPicos} before={total.before?.costPicos ?? null} full />
        </span>
      }
    >
      {began !== null && (
        <p>
          Telemetry begins on {momentWords(began, range.zone)}, so the period before is not whole and the change says
          little.
        </p>
      )}
      <p className="text-xs text-muted">
        {`Shown ${byBucket(range)}. `}
        {comparedWords !== null && `Dashed: ${comparedWords}${range.unfinished ? ", until the same time" : ""}. `}
        {marked !== null &&
          (comparedWords === null
            ? "Colour marks the agent that cost most; press another name to mark it."
            : "Colour marks the agent that moved most; press another name to mark it.")}
      </p>
      <TimeChart chart={spendChart(page, now)} open={open} file={file} marked={marked} />
    </Section>
  );
}
