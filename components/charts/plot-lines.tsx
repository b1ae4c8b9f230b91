"use client";

import { memo } from "react";
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from "recharts";

import { namedPlaces } from "@/lib/core/charts/axis";
import type { Amounts, Chart, ChartLine } from "@/lib/core/charts/chart";
import { drawnOf, tickText, type Unit } from "@/lib/core/charts/units";

import { BOTTOM, capsOf, LEFT, type PlotLayout, TOP } from "./plot-layout";
import { StackedBars } from "./stacked-bars";

type PlotLinesProps = { chart: Chart; layout: PlotLayout; highlighted: string | null };

const TICK = { fontSize: 11, fill: "var(--muted)" };
/** How many pixels a character beside the axis is wide, and how many the words keep free beside them. */
const CHARACTER = 6;
const AIR = 18;

const LOOKS: Readonly<Record<ChartLine["role"], { stroke: string; strokeWidth: number }>> = {
  total: { stroke: "var(--text)", strokeWidth: 1.75 },
  part: { stroke: "var(--edge)", strokeWidth: 1.25 },
  others: { stroke: "var(--edge)", strokeWidth: 1.25 },
};

/**
 * Lines, bands and axes, drawn once for a chart and a size. What moves with the pointer is drawn above them.
 *
 * Recharts' own keyboard layer is off: it calls itself an application, in which a screen reader stops reading.
 */
export const PlotLines = memo(function PlotLines({ chart, layout, highlighted }: PlotLinesProps) {
  const { buckets, lines, before, usual, forecast, unit } = chart;
  const last = Math.max(0, buckets.length - 1);
  const plotWidth = layout.width - LEFT - layout.right;
  const wordsWidth = Math.max(...buckets.map(({ short }) => short.length)) * CHARACTER + AIR;
  const places = namedPlaces(buckets.length, Math.max(2, Math.floor(plotWidth / wordsWidth)));
  const isBars = chart.shape === "bars";
  const isPoint = buckets.length === 1 && !isBars;
  const line = { type: "linear", isAnimationActive: false, activeDot: false, legendType: "none" } as const;
  const band = { ...line, stroke: "none", dot: false, fillOpacity: 1 } as const;
  return (
    <ComposedChart
      width={layout.width}
      height={layout.height}
      margin={{ top: TOP, right: layout.right, bottom: 0, left: 0 }}
      data={rowsOf(chart)}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--hair)" />
      <XAxis
        dataKey="place"
        type="number"
        domain={isPoint ? [-1, 1] : isBars ? [-0.5, last + 0.5] : [0, last]}
        ticks={[...places]}
        tickFormatter={(place: number) => buckets[place]?.short ?? ""}
        interval={0}
        height={BOTTOM}
        tick={TICK}
        tickLine={false}
        axisLine={{ stroke: "var(--edge)" }}
      />
      <YAxis
        type="number"
        domain={[0, layout.ticks.at(-1) ?? 1]}
        ticks={[...layout.ticks]}
        tickFormatter={(value: number) => tickText(unit, value)}
        interval={0}
        width={LEFT}
        tick={TICK}
        tickLine={false}
        axisLine={false}
      />
      {usual && <Area {...band} dataKey="usual" fill="var(--hair)" />}
      {forecast && <Area {...band} dataKey="expected" fill="var(--hair)" />}
      {capsOf(chart).drawn.map(({ name, value }) => (
        <ReferenceLine key={name} y={value} stroke="var(--deny)" strokeWidth={1.5} />
      ))}
      {before && (
        <Line {...line} dataKey="before" stroke="var(--muted)" strokeWidth={1.25} strokeDasharray="4 3" dot={isPoint} />
      )}
      {isBars && <StackedBars lines={lines} barWidth={layout.barWidth} highlighted={highlighted} />}
      {lines
        .map((each, at) => ({ ...each, at }))
        .filter(() => !isBars)
        .toSorted((a, b) => Number(a.key === highlighted) - Number(b.key === highlighted))
        .map(({ key, role, at }) => (
          <Line
            {...line}
            key={at}
            dataKey={`line${at}`}
            {...(key === highlighted && role === "part" ? { stroke: "var(--add)", strokeWidth: 2 } : LOOKS[role])}
            dot={isPoint}
          />
        ))}
      {forecast && (
        <Line {...line} dataKey="forecast" stroke="var(--text)" strokeWidth={1.5} strokeDasharray="6 4" dot={false} />
      )}
    </ComposedChart>
  );
});

type Row = Record<string, number | null | readonly [number, number]>;

function rowsOf({ buckets, lines, before, usual, forecast, unit }: Chart): Row[] {
  return buckets.map((_, place) => {
    const row: Row = { place };
    for (const [at, { amounts }] of lines.entries()) row[`line${at}`] = drawn(unit, amounts, place);
    if (before) row["before"] = drawn(unit, before.amounts, place);
    if (usual) row["usual"] = pair(unit, usual, place);
    if (forecast) {
      row["forecast"] = drawn(unit, forecast.amounts, place);
      row["expected"] = pair(unit, forecast, place);
    }
    return row;
  });
}

function drawn(unit: Unit, amounts: Amounts, place: number): number | null {
  const amount = amounts[place] ?? null;
  return amount === null ? null : drawnOf(unit, amount);
}

function pair(unit: Unit, band: { readonly low: Amounts; readonly high: Amounts }, place: number) {
  const [low, high] = [drawn(unit, band.low, place), drawn(unit, band.high, place)];
  return low === null || high === null ? null : ([low, high] as const);
}
