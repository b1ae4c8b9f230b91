import { HOUR_MS } from "@/lib/core/shared/time";

import { type Usual, usualOf } from "./baseline";
import { judge, type Judgement } from "./judge";
import { readUsual, WEEKS } from "./reading";
import type { Rule } from "./rules";
import { type Figure, figureOf, hourOf, type Series } from "./series";
import { type Signal, SIGNAL_FACTS } from "./signals";

const HOURS_A_WEEK = 168;
/** How many hours the charts of signals show. */
export const SHOWN_HOURS = 24;

/** One hour of a signal beside what is usual then. */
export type SignalPoint = {
  /** The number of the hour since 1970. */
  readonly hour: number;
  readonly value: number | null;
  readonly n: number;
  readonly usual: Usual | null;
};

/** A signal as its screen shows it. */
export type SignalView = {
  readonly signal: Signal;
  readonly judged: Judgement;
  readonly days: number;
  readonly points: readonly SignalPoint[];
};

/** The signal of an agent, or of all agents together, over the last day. */
export function viewSignal(rule: Rule, series: Series, now: Date, firstHour: number | null): SignalView | null {
  const { shape } = SIGNAL_FACTS[rule.signal];
  if (!shape) return null;
  const reading = readUsual(series, shape, now, firstHour);
  const last = hourOf(now);
  const points = Array.from({ length: SHOWN_HOURS }, (_, at) => {
    const hour = last - SHOWN_HOURS + 1 + at;
    const figure = figureOf(series, shape, hour, 1);
    return {
      hour,
      value: figure?.value ?? null,
      n: figure?.n ?? 0,
      usual: usualAt(series, rule.signal, hour, firstHour),
    };
  });
  return { signal: rule.signal, judged: judge(rule, reading), days: reading.history.days, points };
}

function usualAt(series: Series, signal: Signal, hour: number, firstHour: number | null): Usual | null {
  const { shape } = SIGNAL_FACTS[signal];
  if (!shape || firstHour === null) return null;
  const past: Figure[] = [];
  for (let week = 1; week <= WEEKS; week += 1)
    for (const shift of [-1, 0, 1]) {
      const same = hour - week * HOURS_A_WEEK + shift;
      const figure = same < firstHour ? null : figureOf(series, shape, same, 1);
      if (figure) past.push(figure);
    }
  return usualOf(past.map(({ value }) => value));
}

/** An hour as a chart names it, in UTC: `14:00`. */
export const hourText = (hour: number): string => new Date(hour * HOUR_MS).toISOString().slice(11, 16);

/** What an hour spans, for links to what was done in it. */
export const hourSpan = (hour: number): { readonly from: string; readonly to: string } => ({
  from: new Date(hour * HOUR_MS).toISOString(),
  to: new Date((hour + 1) * HOUR_MS).toISOString(),
});
