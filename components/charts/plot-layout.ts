import type { Chart, ChartLine } from "@/lib/core/charts/chart";
import { ticksFor } from "@/lib/core/charts/axis";
import { drawnOf } from "@/lib/core/charts/units";

export const TOP = 24;
export const BOTTOM = 22;
export const LEFT = 52;
/** Below this width the words beside the lines get less room. */
const NARROW = 560;

const BAR_SHARE = 0.72;
const WIDEST_BAR = 48;

/** A cap farther above the lines than this would flatten them; it is told below the chart instead. */
const CAP_WITHIN = 3;

/** Where everything of a plot is, in pixels. */
export type PlotLayout = {
  readonly width: number;
  readonly height: number;
  readonly right: number;
  readonly ticks: readonly number[];
  readonly x: (place: number) => number;
  readonly y: (value: number) => number;
  /** The bucket nearest to a horizontal position. */
  readonly placeAt: (x: number) => number;
  /** How wide a bar is; 0 for lines. */
  readonly barWidth: number;
};

const highestOf = (chart: Chart): number => {
  const { lines, before, usual, forecast } = chart;
  const lists = [
    ...lines.map(({ amounts }) => amounts),
    ...(before ? [before.amounts] : []),
    ...(usual ? [usual.high] : []),
    ...(forecast ? [forecast.high] : []),
  ];
  return Math.max(
    0,
    ...lists.flatMap((amounts) => amounts.flatMap((amount) => (amount === null ? [] : [drawnOf(chart.unit, amount)]))),
  );
};

/** The caps that fit the chart's scale, and those that are told in words only. */
export function capsOf(chart: Chart) {
  const highest = highestOf(chart);
  const caps = (chart.caps ?? []).map(({ name, amount }) => ({ name, value: drawnOf(chart.unit, amount) }));
  const isNear = ({ value }: { value: number }) => highest === 0 || value <= highest * CAP_WITHIN;
  return { drawn: caps.filter(isNear), told: caps.filter((cap) => !isNear(cap)) };
}

/** The scales of a plot of this size. The axis of amounts begins at 0. */
export function layoutOf(chart: Chart, { width, height }: { width: number; height: number }): PlotLayout {
  const right = width < NARROW ? 108 : 176;
  const count = chart.buckets.length;
  const plotWidth = Math.max(1, width - LEFT - right);
  const plotHeight = Math.max(1, height - TOP - BOTTOM);
  const ticks = ticksFor(Math.max(highestOf(chart), ...capsOf(chart).drawn.map(({ value }) => value)));
  const top = ticks.at(-1) ?? 1;
  const isBars = chart.shape === "bars";
  // A bar stands in the middle of its part of the width, a line's points at its ends.
  const step = isBars ? plotWidth / count : count > 1 ? plotWidth / (count - 1) : plotWidth;
  const first = isBars ? LEFT + step / 2 : count > 1 ? LEFT : LEFT + plotWidth / 2;
  return {
    width,
    height,
    right,
    ticks,
    x: (place) => first + place * step,
    y: (value) => TOP + (1 - value / top) * plotHeight,
    placeAt: (x) => Math.max(0, Math.min(count - 1, Math.round((x - first) / step))),
    barWidth: isBars ? Math.max(1, Math.min(WIDEST_BAR, step * BAR_SHARE)) : 0,
  };
}

/** The last amount of a line that is known, with its place. */
export function lastOf({
  amounts,
}: Pick<ChartLine, "amounts">): { readonly at: number; readonly amount: string } | null {
  for (let at = amounts.length - 1; at >= 0; at -= 1) {
    const amount = amounts[at];
    if (amount !== null && amount !== undefined) return { at, amount };
  }
  return null;
}
