"use client";

import { useRouter } from "next/navigation";
import { lazy, Suspense, useId, useMemo, useState } from "react";

import { Link } from "@/components/ui/link";
import { LiveRegion } from "@/components/ui/live-region";
import { bucketSentence, type Chart, chartCsv, type FileHead } from "@/lib/core/charts/chart";
import { type OpenRuns, runsHref } from "@/lib/core/charts/open-runs";
import { visibleString } from "@/lib/core/shared/visible-text";

import type { ChartPoint } from "./chart-point";
import { ChartTable } from "./chart-table";
import { CsvButton } from "./csv-button";
import { NoteList } from "./note-list";
import { PlotSkeleton } from "./plot-skeleton";
import { QUIET_BUTTON } from "./quiet-button";
import { useRangeMoves } from "./range-frame";
import { useWidth } from "./use-width";

// Recharts is larger than the rest of a page: it comes when a chart is on the page, into a place of the final size.
const TimePlot = lazy(async () => ({ default: (await import("./time-plot")).TimePlot }));

type TimeChartProps = {
  chart: Chart;
  /** How points lead to the runs behind them. */
  open: OpenRuns;
  file: FileHead;
  /** The line that is marked at first. */
  marked?: string | null;
  /** The chart shows the page's range, so that dragging over it zooms the page. */
  zooms?: boolean;
};

const HEIGHT = 320;

/** Amounts over time. Every point opens its runs; the same amounts are a table and a file. */
export function TimeChart({ chart, open, file, marked = null, zooms = true }: TimeChartProps) {
  const router = useRouter();
  const moves = useRangeMoves();
  const [box, width] = useWidth();
  const [point, setPoint] = useState<ChartPoint | null>(null);
  const [highlighted, highlight] = useState(marked);
  const [isTable, setTable] = useState(false);
  const tableId = useId();

  const ends = useMemo(() => [...chart.buckets.slice(1).map(({ at }) => at), chart.until], [chart]);
  const spanOf = (first: number, last = first) => ({ from: chart.buckets[first]?.at ?? "", to: ends[last] ?? "" });
  const hrefOf = ({ place, line }: ChartPoint) => runsHref(open, spanOf(place), line);
  const zoom = (first: number, last: number) => {
    const span = spanOf(first, last);
    setPoint(null);
    moves.zoom(span.from, span.to);
  };
  // A range that has become shorter has no such point any more.
  const shown = point !== null && point.place < chart.buckets.length ? point : null;
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1">
      <div ref={box} className="relative h-80">
        {width === 0 ? (
          <PlotSkeleton />
        ) : (
          <Suspense fallback={<PlotSkeleton />}>
            <TimePlot
              chart={chart}
              width={width}
              height={HEIGHT}
              highlighted={highlighted}
              highlight={highlight}
              point={shown}
              setPoint={setPoint}
              open={(each) => router.push(hrefOf(each))}
              zoom={zooms ? zoom : undefined}
              zoomOut={zooms ? moves.zoomOut : undefined}
            />
          </Suspense>
        )}
      </div>
      <LiveRegion>{shown && `${bucketSentence(chart, shown.place)}. Enter opens ${meantBy(chart, shown)}.`}</LiveRegion>
      <NoteList chart={chart} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 text-xs text-muted">
        <p className="flex min-h-6 flex-wrap items-center gap-x-3">
          {shown === null ? (
            zooms && "Drag to zoom, double-click to zoom out, click a point for its runs."
          ) : (
            <>
              <span>{chart.buckets[shown.place]?.words}</span>
              <Link href={hrefOf(shown)} className={QUIET_BUTTON}>
                Open {meantBy(chart, shown)}
              </Link>
              {zooms && <ZoomButton name="Zoom in" onPress={() => zoom(shown.place, shown.place)} />}
            </>
          )}
        </p>
        <p className="flex gap-x-4">
          {zooms && <ZoomButton name="Zoom out" onPress={moves.zoomOut} />}
          <button
            type="button"
            aria-expanded={isTable}
            aria-controls={tableId}
            onClick={() => setTable(!isTable)}
            className={QUIET_BUTTON}
          >
            View as table<span className="sr-only">: {chart.title}</span>
          </button>
          <CsvButton title={chart.title} text={() => chartCsv(chart, file)} />
        </p>
      </div>
      <div id={tableId} hidden={!isTable}>
        {isTable && <ChartTable chart={chart} hrefOf={(place, line) => hrefOf({ place, line })} />}
      </div>
    </div>
  );
}

function ZoomButton({ name, onPress }: { name: string; onPress: () => void }) {
  return (
    <button type="button" onClick={onPress} className={QUIET_BUTTON}>
      {name}
    </button>
  );
}

function meantBy({ lines }: Chart, { line }: ChartPoint): string {
  const name = lines.find(({ key, role }) => role === "part" && key === line)?.name;
  return name === undefined ? "its runs" : `its runs of ${visibleString(name)}`;
}
