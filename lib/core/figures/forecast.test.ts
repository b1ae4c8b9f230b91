import { describe, expect, test } from "vitest";

import { HOUR_MS } from "@/lib/core/shared/time";

import { startOfLocalDay } from "./calendar";
import { FORECAST_DAYS, forecastSpend, type HourlySpend } from "./forecast";

const ZONE = "Europe/Berlin";
const now = new Date("2026-11-27T15:30:00Z");
const DOLLAR = 10n ** 12n;

/** So many days of spend until now, an amount each hour by its local weekday and hour. */
function history(days: number, amountOf: (at: Date) => number): HourlySpend {
  const last = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const hours = Array.from({ length: days * 24 }, (_, index) => last - index * HOUR_MS);
  return new Map(hours.map((hour) => [hour, BigInt(Math.round(amountOf(new Date(hour)) * 1e12))]));
}
const sumSince = (hourly: HourlySpend, from: Date): bigint =>
  [...hourly].reduce((sum, [hour, picos]) => (hour >= from.getTime() ? sum + picos : sum), 0n);
const spentOf = (hourly: HourlySpend) => ({
  day: sumSince(hourly, startOfLocalDay(now, ZONE)),
  month: sumSince(hourly, new Date("2026-10-31T23:00:00Z")),
  hour: 0n,
});
const dollars = (picos: string | null) => Number(picos ?? Number.NaN) / Number(DOLLAR);

describe("a forecast of spend", () => {
  test("goes by the rate so far where there are under 14 days, and says so", () => {
    const hourly = history(10, () => 1);
    const { day, month } = forecastSpend(hourly, { day: 10n * DOLLAR, month: 20n * DOLLAR, hour: 0n }, now, ZONE);
    expect(day).toMatchObject({ method: "linear", lowPicos: null, highPicos: null });
    // 16.5 of 24 hours are over.
    expect(dollars(day.expectedPicos)).toBeCloseTo((10 * 24) / 16.5, 9);
    expect(month.endsAt.toISOString()).toBe("2026-11-30T23:00:00.000Z");
    expect(forecastSpend(new Map(), { day: 0n, month: 0n, hour: 0n }, now, ZONE).day.expectedPicos).toBe("0");
  });

  test("expects of the hours that are left what their weekday usually has", () => {
    // A dollar in each working hour of the zone, nothing else: from 16:30 on, half an hour and one more are left.
    const hourly = history(FORECAST_DAYS, (at) => {
      const clock = new Date(at.toLocaleString("en-US", { timeZone: ZONE }));
      return clock.getDay() % 6 !== 0 && clock.getHours() >= 9 && clock.getHours() < 18 ? 1 : 0;
    });
    const { day, month } = forecastSpend(hourly, spentOf(hourly), now, ZONE);
    expect(day.method).toBe("profile");
    expect(dollars(day.expectedPicos) - dollars(day.spentPicos)).toBeCloseTo(1.5, 6);
    // The 28th and 29th are a weekend, the 30th is a Monday of nine working hours.
    expect(dollars(month.expectedPicos) - dollars(month.spentPicos)).toBeCloseTo(10.5, 6);
  });

  test("follows the pace of today, within bounds, and has a band around it that is as wide as past days differed", () => {
    const twice = (at: Date) => (at >= startOfLocalDay(now, ZONE) ? 2 : 1);
    const steady = history(FORECAST_DAYS, twice);
    const { day } = forecastSpend(steady, spentOf(steady), now, ZONE);
    const rest = dollars(day.expectedPicos) - dollars(day.spentPicos);
    expect(rest).toBeGreaterThan(7.5 * 1.8);
    expect(rest).toBeLessThanOrEqual(7.5 * 2);
    const wild = history(FORECAST_DAYS, (at) => 1 + (Math.floor(at.getTime() / (24 * HOUR_MS)) % 3));
    const band = forecastSpend(wild, spentOf(wild), now, ZONE).day;
    expect(dollars(band.highPicos) - dollars(band.lowPicos)).toBeGreaterThan(5);
    expect(dollars(band.lowPicos)).toBeGreaterThanOrEqual(dollars(band.spentPicos));
    const spike = history(FORECAST_DAYS, (at) => (at >= startOfLocalDay(now, ZONE) ? 100 : 1));
    const { day: high } = forecastSpend(spike, spentOf(spike), now, ZONE);
    expect(dollars(high.expectedPicos) - dollars(high.spentPicos)).toBeCloseTo(7.5 * 4, 6);
  });
});
