import { quantileOfSorted } from "@/lib/core/shared/statistics";
import { DAY_MS, HOUR_MS } from "@/lib/core/shared/time";

import { addLocalDays, localHour, startOfLocalDay, startOfLocalMonth } from "./calendar";
import type { SpendForecast, SpendNow } from "./spend";

/*
 * What today and this month come to by their ends: what is spent, and what is usual for the hours that are left, times
 * how today or the last weeks compare with what is usual. Usual is the median of the same weekday's hours of the last
 * weeks, or their mean where most hours have no spend.
 */

/** Spend by the hour of UTC it began in, in milliseconds since 1970. */
export type HourlySpend = ReadonlyMap<number, bigint>;

const WEEK_DAYS = 7;
const WEEKS = 8;
/** How far back a forecast looks, in days. */
export const FORECAST_DAYS = WEEKS * WEEK_DAYS;
const LEAST_DAYS = 14;
const LEAST_RATIO = 0.25;
const MOST_RATIO = 4;
/** How much an hour counts against the one after it. */
const FADING = 0.8;
const LOW = 0.1;
const HIGH = 0.9;
const HOURS = 24;

/** What has been spent since the day and the month began, to the last digit. */
export type SpentSoFar = { readonly day: bigint; readonly month: bigint; readonly hour: bigint };

/** @param hourly of the last `FORECAST_DAYS` days; an hour without spend may be missing */
export function forecastSpend(hourly: HourlySpend, spent: SpentSoFar, now: Date, zone: string): SpendNow {
  const dayStart = startOfLocalDay(now, zone);
  const dayEnd = startOfLocalDay(addLocalDays(dayStart, 1, zone), zone);
  const monthStart = startOfLocalMonth(now, zone);
  const monthEnd = startOfLocalMonth(now, zone, 1);
  const known = historyDays(hourly, now);
  if (known < LEAST_DAYS) {
    return {
      day: linear(spent.day, dayStart, now, dayEnd),
      month: linear(spent.month, monthStart, now, monthEnd),
      hourPicos: String(spent.hour),
    };
  }
  const past = readPast(hourly, now, zone);
  return {
    day: ofDay(past, spent, now, dayEnd),
    month: ofMonth(past, spent, now, monthEnd),
    hourPicos: String(spent.hour),
  };
}

function historyDays(hourly: HourlySpend, now: Date): number {
  const first = Math.min(...[...hourly].flatMap(([hour, picos]) => (picos > 0n ? [hour] : [])));
  return Number.isFinite(first) ? (now.getTime() - first) / DAY_MS : 0;
}

function linear(spent: bigint, start: Date, now: Date, end: Date): SpendForecast {
  const passed = Math.max(1, now.getTime() - start.getTime());
  const whole = BigInt(end.getTime() - start.getTime());
  return {
    spentPicos: String(spent),
    expectedPicos: String((spent * whole) / BigInt(passed)),
    lowPicos: null,
    highPicos: null,
    method: "linear",
    endsAt: end,
  };
}

type Past = {
  /** What is usual for an hour, by weekday and hour of the local day. */
  readonly usual: readonly number[];
  /** Spend of the last 24 hours against what is usual, hour by hour, the latest last. */
  readonly pace: number;
  /** What past days came to after this time of day, against what was usual for them. */
  readonly restRatios: readonly number[];
  /** What past days came to, against what was usual for them. */
  readonly dayRatios: readonly number[];
  readonly zone: string;
};

function readPast(hourly: HourlySpend, now: Date, zone: string): Past {
  const current = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const slots: number[][] = Array.from({ length: WEEK_DAYS * HOURS }, () => []);
  const hours = Array.from({ length: FORECAST_DAYS * HOURS }, (_, index) => current - (index + 1) * HOUR_MS);
  const spendOf = (hour: number) => Number(hourly.get(hour) ?? 0n);
  const first = Math.min(...hourly.keys());
  for (const hour of hours) if (hour >= first) slots[slotOf(hour, zone)]?.push(spendOf(hour));
  const usual = usualOfSlots(slots);
  const usualOf = (hour: number) => usual[slotOf(hour, zone)] ?? 0;
  const days = Array.from({ length: FORECAST_DAYS - 1 }, (_, index) => current - (index + 1) * DAY_MS).filter(
    (at) => at >= first,
  );
  const after = (at: number) => restOfDay(at, zone);
  return {
    usual,
    pace: paceOf(hours.slice(0, HOURS).reverse(), spendOf, usualOf),
    restRatios: days.flatMap((at) => ratioOf(after(at), spendOf, usualOf)),
    dayRatios: days.flatMap((at) => ratioOf(hoursFrom(at, HOURS), spendOf, usualOf)),
    zone,
  };
}

/** Medians, which no single day moves; means where spend comes so rarely that most hours have none. */
function usualOfSlots(slots: readonly (readonly number[])[]): readonly number[] {
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const medians = slots.map((values) => (values.length === 0 ? 0 : median(values)));
  const means = slots.map((values) => (values.length === 0 ? 0 : total(values) / values.length));
  return total(medians) < total(means) / 2 ? means : medians;
}

function slotOf(hour: number, zone: string): number {
  const { weekday, hour: clock } = localHour(new Date(hour), zone);
  return weekday * HOURS + clock;
}

const hoursFrom = (at: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => at + index * HOUR_MS);

function restOfDay(at: number, zone: string): readonly number[] {
  const end = addLocalDays(startOfLocalDay(new Date(at), zone), 1, zone).getTime();
  return hoursFrom(at, Math.max(1, Math.round((end - at) / HOUR_MS)));
}

function ratioOf(
  hours: readonly number[],
  spendOf: (hour: number) => number,
  usualOf: (hour: number) => number,
): readonly number[] {
  const expected = hours.reduce((sum, hour) => sum + usualOf(hour), 0);
  return expected <= 0 ? [] : [hours.reduce((sum, hour) => sum + spendOf(hour), 0) / expected];
}

/** Spend against what is usual, where the last hours count most. */
function paceOf(
  hours: readonly number[],
  spendOf: (hour: number) => number,
  usualOf: (hour: number) => number,
): number {
  let spent = 0;
  let expected = 0;
  for (const hour of hours) {
    spent = spent * FADING + spendOf(hour);
    expected = expected * FADING + usualOf(hour);
  }
  return expected <= 0 ? 1 : Math.min(MOST_RATIO, Math.max(LEAST_RATIO, spent / expected));
}

function ofDay(past: Past, spent: SpentSoFar, now: Date, end: Date): SpendForecast {
  const rest = usualBetween(past, now, end);
  return banded(spent.day, rest * past.pace, past.restRatios, rest, end);
}

function ofMonth(past: Past, spent: SpentSoFar, now: Date, end: Date): SpendForecast {
  const rest = usualBetween(past, now, end);
  const today = startOfLocalDay(addLocalDays(now, 1, past.zone), past.zone);
  const left = usualBetween(past, now, today < end ? today : end);
  // Today goes on at today's pace; the days after it as the last weeks did.
  const expected = left * past.pace + (rest - left) * median(past.dayRatios);
  const days = Math.max(1, (end.getTime() - now.getTime()) / DAY_MS);
  return banded(spent.month, expected, past.dayRatios, rest / Math.sqrt(days), end);
}

/** What is usual from a moment on; of an hour that is going on, the share that is left. */
function usualBetween({ usual, zone }: Past, from: Date, to: Date): number {
  let sum = 0;
  const first = Math.floor(from.getTime() / HOUR_MS) * HOUR_MS;
  for (let hour = first; hour < to.getTime(); hour += HOUR_MS) {
    const share = (Math.min(hour + HOUR_MS, to.getTime()) - Math.max(hour, from.getTime())) / HOUR_MS;
    sum += (usual[slotOf(hour, zone)] ?? 0) * share;
  }
  return sum;
}

/** @param spread what the ratios of past days are of: how far they lie from their middle widens the band */
function banded(spent: bigint, rest: number, ratios: readonly number[], spread: number, end: Date): SpendForecast {
  const middle = median(ratios);
  const at = (share: number) => Math.max(0, rest + (quantile(ratios, share) - middle) * spread);
  const total = (amount: number) => String(spent + BigInt(Math.round(amount)));
  return {
    spentPicos: String(spent),
    expectedPicos: total(rest),
    lowPicos: total(Math.min(rest, at(LOW))),
    highPicos: total(Math.max(rest, at(HIGH))),
    method: "profile",
    endsAt: end,
  };
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Between the two values nearest to the share; 1 where there are none, which changes nothing as a ratio. */
function quantile(values: readonly number[], share: number): number {
  return (
    quantileOfSorted(
      values.toSorted((a, b) => a - b),
      share,
    ) ?? 1
  );
}
