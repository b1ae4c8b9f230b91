"use client";

import { type KeyboardEvent, useMemo } from "react";

import type { Chart } from "@/lib/core/charts/chart";
import { drawnOf } from "@/lib/core/charts/units";

import type { ChartPoint } from "./chart-point";
import { LineNames } from "./line-names";
import { PlotLines } from "./plot-lines";
import { movedBy } from "./moved-by";
import { BOTTOM, layoutOf, LEFT, type PlotLayout, TOP } from "./plot-layout";
import { PlotNotes } from "./plot-notes";
import { PointBox } from "./point-box";
import { usePlotPointer } from "./use-plot-pointer";

type TimePlotProps = {
  chart: Chart;
  width: number;
  height: number;
  highlighted: string | null;
  highlight: (key: string | null) => void;
  point: ChartPoint | null;
  setPoint: (point: ChartPoint | null) => void;
  open: (point: ChartPoint) => void;
  /** Shows the buckets from one to another, both included; absent where the chart does not lead to a range. */
  zoom: ((first: number, last: number) => void) | undefined;
  zoomOut: (() => void) | undefined;
};

/** The drawn chart with what a pointer and a keyboard do with it. */
export function TimePlot(props: TimePlotProps) {
  const { chart, width, height, highlighted, highlight, point, setPoint, open, zoom, zoomOut } = props;
  const layout = useMemo(() => layoutOf(chart, { width, height }), [chart, width, height]);
  const { selection, handlers } = usePlotPointer({ chart, layout, setPoint, open, zoom, zoomOut });

  const parts = chart.lines.filter(({ role }) => role === "part").map(({ key }) => key);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = movedBy(event.key, point, { last: chart.buckets.length - 1, lines: parts });
    if (next !== undefined) setPoint(next);
    else if (event.key === "Enter" && point) open(point);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      <div aria-hidden="true" className="absolute inset-0">
        <PlotLines chart={chart} layout={layout} highlighted={highlighted} />
        <PlotNotes chart={chart} layout={layout} />
        <svg width={width} height={height} className="pointer-events-none absolute inset-0">
          {selection && <Selection layout={layout} selection={selection} height={height} />}
          {point && <Marks chart={chart} layout={layout} point={point} height={height} />}
        </svg>
        {point && !selection && <PointBox chart={chart} layout={layout} point={point} />}
      </div>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${chart.title}: points`}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={chart.buckets.length - 1}
        aria-valuenow={point?.place ?? chart.buckets.length - 1}
        aria-valuetext={
          point ? chart.buckets[point.place]?.words : "no point yet: arrow keys choose one, Enter opens its runs"
        }
        {...handlers}
        onKeyDown={onKeyDown}
        style={{ left: LEFT, right: layout.right, top: TOP, bottom: BOTTOM }}
        className="absolute cursor-crosshair touch-pan-y"
      />
      <LineNames chart={chart} layout={layout} highlighted={highlighted} highlight={highlight} />
    </>
  );
}

type SelectionProps = { layout: PlotLayout; selection: readonly [number, number]; height: number };

function Selection({ layout, selection: [one, other], height }: SelectionProps) {
  const [x, end] = [layout.x(Math.min(one, other)), layout.x(Math.max(one, other))];
  return (
    <rect x={x} width={Math.max(1, end - x)} y={TOP} height={height - TOP - BOTTOM} className="fill-text opacity-10" />
  );
}

type MarksProps = { chart: Chart; layout: PlotLayout; point: ChartPoint; height: number };

function Marks({ chart, layout, point, height }: MarksProps) {
  const x = layout.x(point.place);
  const meant = chart.lines.find(({ key, role }) =>
    point.line === null ? role === "total" : role === "part" && key === point.line,
  );
  const amount = meant?.amounts[point.place] ?? null;
  return (
    <>
      <line x1={x} x2={x} y1={TOP} y2={height - BOTTOM} className="stroke-edge" />
      {amount !== null && (
        <circle
          cx={x}
          cy={layout.y(drawnOf(chart.unit, amount))}
          r={4}
          strokeWidth={2}
          className="fill-text stroke-surface"
        />
      )}
    </>
  );
}
