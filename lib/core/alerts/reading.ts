import { LEAST_DAYS } from "./rules";
import { type Figure, figureOf, figuresOf, hourOf, type Series } from "./series";
import type { Shape } from "./signals";

const HOURS_A_WEEK = 168;
/** How many weeks back the usual is looked for. */
export const WEEKS = 6;
/** The windows in which a value is looked at, in hours, the one that moves fastest first. */
export const WINDOWS = [2, 6, 24] as const;
/** The usual is taken an hour earlier and later as well, because no day begins on the minute. */
const SHIFTS = [-1, 0, 1] as const;

/** A value of the last hours beside what it was at the same hours of past weeks. */
export type WindowReading = {
  readonly hours: number;
  readonly figure: Figure | null;
  readonly past: readonly Figure[];
};

/** How far back a signal is known: a baseline that is still learning judges nothing. */
export type History = { readonly days: number };

/** What a rule about the usual judges. */
export type UsualReading = {
  readonly kind: "usual";
  readonly history: History;
  readonly windows: readonly WindowReading[];
};

/**
 * Reads a signal as it is at a moment. The hour under way counts as far as it has come, which shares, means and
 * percentiles do not mind. A count does: of it, whole hours are read, or the hour under way where it has more already.
 */
export function readUsual(series: Series, shape: Shape, now: Date, firstHour: number | null): UsualReading {
  const hour = hourOf(now);
  const isCount = shape === "count";
  const end = isCount ? hour - 1 : hour;
  const spans = isCount ? WINDOWS.map((hours) => (hours === 2 ? 1 : hours)) : WINDOWS;
  const figures = figuresOf(series, shape, end, spans);
  const past = pastOf(series, shape, { end, spans, firstHour });
  const underWay = isCount ? figureOf(series, shape, hour, 1) : null;
  return {
    kind: "usual",
    history: historyOf(hour, firstHour),
    windows: WINDOWS.map((hours, at) => ({
      hours,
      figure: fuller(figures[at] ?? null, at === 0 ? underWay : null),
      past: past.flatMap((each) => each[at] ?? []),
    })),
  };
}

function fuller(one: Figure | null, other: Figure | null): Figure | null {
  return one && other && other.value > one.value ? other : one;
}

type Past = { readonly end: number; readonly spans: readonly number[]; readonly firstHour: number | null };

/** What the spans were at the same hours of past weeks, as far as anything was known then. */
function pastOf(series: Series, shape: Shape, { end, spans, firstHour }: Past): (Figure | null)[][] {
  const past: (Figure | null)[][] = [];
  if (firstHour === null) return past;
  for (let week = 1; week <= WEEKS; week += 1) {
    for (const shift of SHIFTS) {
      const last = end - week * HOURS_A_WEEK + shift;
      const figures = figuresOf(series, shape, last, spans);
      past.push(figures.map((figure, at) => (last - (spans[at] ?? 1) + 1 < firstHour ? null : figure)));
    }
  }
  return past;
}

/** What the rule about a slow rise judges: the last seven days beside each of the weeks before. */
export type CreepReading = {
  readonly kind: "creep";
  readonly history: History;
  readonly week: Figure | null;
  /** The weeks before, the latest first. */
  readonly past: readonly Figure[];
};

/** Reads the last seven whole days and the six weeks before them. */
export function readCreep(series: Series, shape: Shape, now: Date, firstHour: number | null): CreepReading {
  const end = hourOf(now) - 1;
  const weekBefore = (weeks: number) => figureOf(series, shape, end - weeks * HOURS_A_WEEK, HOURS_A_WEEK);
  const past: Figure[] = [];
  for (let week = 1; week <= WEEKS; week += 1) {
    const figure = weekBefore(week);
    const isWhole = firstHour !== null && end - (week + 1) * HOURS_A_WEEK + 1 >= firstHour;
    if (!figure || !isWhole) break;
    past.push(figure);
  }
  return { kind: "creep", history: historyOf(hourOf(now), firstHour), week: weekBefore(0), past };
}

/** What the rule about silence judges: events of the last two hours beside the same hours of past weeks. */
export type SilenceReading = {
  readonly kind: "silence";
  readonly history: History;
  readonly events: number;
  readonly past: readonly Figure[];
  readonly lastEventAt: string | null;
};

/** Reads how many events came in the last whole hour and the one under way. */
export function readSilence(
  series: Series,
  now: Date,
  { firstHour, lastEventAt }: { readonly firstHour: number | null; readonly lastEventAt: string | null },
): SilenceReading {
  const hour = hourOf(now);
  const [current, before] = [series.get(hour)?.part ?? 0, series.get(hour - 1)?.part ?? 0];
  return {
    kind: "silence",
    history: historyOf(hour, firstHour),
    events: current + before,
    // An hour that was empty in a past week is part of what is usual.
    past: pastOf(series, "count", { end: hour - 1, spans: [1], firstHour }).flatMap(([figure]) => figure ?? []),
    lastEventAt,
  };
}

function historyOf(hour: number, firstHour: number | null): History {
  return { days: firstHour === null ? 0 : Math.max(0, Math.floor((hour - firstHour) / 24)) };
}

/** Whether there is enough history to say what is usual. */
export const isLearning = ({ days }: History): boolean => days < LEAST_DAYS;
