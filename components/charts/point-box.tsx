import { type Chart, columnsOf } from "@/lib/core/charts/chart";
import { amountText } from "@/lib/core/charts/units";

import type { ChartPoint } from "./chart-point";
import type { PlotLayout } from "./plot-layout";

const GAP = 12;

/** The amounts of one point beside the pointer. A reader is told them by the live region instead. */
export function PointBox({ chart, layout, point }: { chart: Chart; layout: PlotLayout; point: ChartPoint }) {
  const x = layout.x(point.place);
  const isRight = x > layout.width / 2;
  const meant = chart.lines.find(({ key, role }) => role === "part" && key === point.line)?.name;
  const known = columnsOf(chart).flatMap(({ name, amounts }) => {
    const amount = amounts[point.place] ?? null;
    return amount === null ? [] : [{ name, text: amountText(chart.unit, amount) }];
  });
  return (
    <div
      style={isRight ? { right: layout.width - x + GAP } : { left: x + GAP }}
      className="pointer-events-none absolute top-6 z-10 grid max-w-60 gap-0.5 rounded-sm border border-edge bg-surface px-2 py-1.5 text-2xs shadow-float"
    >
      <p className="font-semibold">{chart.buckets[point.place]?.words}</p>
      {known.length === 0 && <p className="text-muted">no figure</p>}
      {known.map(({ name, text }) => (
        <p key={name} className={`flex justify-between gap-4 ${name === meant ? "font-semibold" : "text-muted"}`}>
          <span className="truncate">{name}</span>
          <span className="text-text">{text}</span>
        </p>
      ))}
    </div>
  );
}
