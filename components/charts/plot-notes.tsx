import { placeWords } from "@/lib/core/charts/axis";
import type { Chart } from "@/lib/core/charts/chart";

import { BOTTOM, capsOf, LEFT, type PlotLayout, TOP } from "./plot-layout";

const LETTER = 17;

/** Letters at the moments when something happened, and what the caps are. Both are told in words below the chart. */
export function PlotNotes({ chart, layout }: { chart: Chart; layout: PlotLayout }) {
  const notes = chart.notes ?? [];
  const xs = notes.map(({ at }) => layout.x(placeOf(chart, at)));
  const lefts = placeWords(xs, { gap: LETTER, low: LEFT, high: layout.width - layout.right });
  return (
    <>
      <svg width={layout.width} height={layout.height} className="pointer-events-none absolute inset-0">
        {notes.map(({ letter }, at) => (
          <line
            key={letter}
            x1={xs[at]}
            x2={xs[at]}
            y1={TOP - 4}
            y2={layout.height - BOTTOM}
            strokeDasharray="1 3"
            className="stroke-edge"
          />
        ))}
      </svg>
      {notes.map(({ letter }, at) => (
        <span
          key={letter}
          style={{ left: (lefts[at] ?? 0) - 8 }}
          className="absolute top-0 size-4 rounded-xs border border-edge bg-surface text-center text-2xs leading-[14px] font-semibold"
        >
          {letter}
        </span>
      ))}
      {capsOf(chart).drawn.map(({ name, value }) => (
        <span
          key={name}
          style={{ left: LEFT + 6, top: Math.max(0, layout.y(value) - 16) }}
          className="absolute text-2xs font-semibold whitespace-nowrap text-deny"
        >
          {name}
        </span>
      ))}
    </>
  );
}

/** The bucket that a moment is in. */
function placeOf({ buckets }: Chart, at: string): number {
  const moment = Date.parse(at);
  const after = buckets.findIndex((bucket) => Date.parse(bucket.at) > moment);
  return after === -1 ? Math.max(0, buckets.length - 1) : Math.max(0, after - 1);
}
