import { HOUR_MS } from "@/lib/core/shared/time";

import { type Usual, usualOf } from "./baseline";
import { judge, type Judgement } from "./judge";
import type { HourRange } from "./ranges";
import { readUsual, WEEKS } from "./reading";
import type { Rule } from "./rules";
import { type Figure, figureOf, hourOf, type Series } from "./series";
import { type Signal, SIGNAL_FACTS } from "./signals";

const HOURS_A_WEEK = 168;

/** How far back charts of signals reach, as addresses have it. */
export const SIGNAL_SPAN_NAMES = ["now-24h", "now-7d"] as const;
export type SignalSpan = (typeof SIGNAL_SPAN_NAMES)[number];

type SpanFacts = { readonly hours: number; readonly label: string; readonly words: string };
export const SIGNAL_SPANS: Readonly<Record<SignalSpan, SpanFacts>> = {
  "now-24h": { hours: 24, label: "24 h", words: "Last 24 hours" },
  "now-7d": { hours: HOURS_A_WEEK, label: "7 d", words: "Last 7 days" },
};

/** The hours that a chart looks at, and the same hours of past weeks with those beside them. */
export function seriesRange(now: Date, span: SignalSpan): HourRange {
  const to = hourOf(now) + 1;
  return { from: to - SIGNAL_SPANS[span].hours - WEEKS * HOURS_A_WEEK - 1, to };
}

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

/** The signal of an agent, or of all agents together, by the hour. */
export function viewSignal(
  rule: Rule,
  series: Series,
  { now, firstHour, span }: { readonly now: Date; readonly firstHour: number | null; readonly span: SignalSpan },
): SignalView | null {
  const { shape } = SIGNAL_FACTS[rule.signal];
  if (!shape) return null;
  const reading = readUsual(series, shape, now, firstHour);
  const { hours } = SIGNAL_SPANS[span];
  const first = hourOf(now) - hours + 1;
  const points = Array.from({ length: hours }, (_, at) => {
    const hour = first + at;
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

const dayText = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** An hour as a chart names it, in UTC: `14:00`, and with its day where the chart has several. */
export function hourText(hour: number, span: SignalSpan): string {
  const at = new Date(hour * HOUR_MS);
  const time = at.toISOString().slice(11, 16);
  return span === "now-24h" ? time : `${dayText.format(at)}, ${time}`;
}

/** What an hour spans, for links to what was done in it. */
export const hourSpan = (hour: number): { readonly from: string; readonly to: string } => ({
  from: new Date(hour * HOUR_MS).toISOString(),
  to: new Date((hour + 1) * HOUR_MS).toISOString(),
});
