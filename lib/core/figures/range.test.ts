import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { DAY_MS, HOUR_MS } from "@/lib/core/shared/time";

import { LONGEST_RANGE_DAYS, QUARTER_MS, readRange } from "./range";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Pacific/Kiritimati",
  "America/St_Johns",
  "Africa/Cairo",
  "Asia/Beirut",
  "America/Havana",
];

const dayFormats = new Map(ZONES.map((zone) => [zone, new Intl.DateTimeFormat("sv-SE", { timeZone: zone })]));
const day = (at: Date, zone: string): string => dayFormats.get(zone)?.format(at) ?? "";
const weekday = (at: Date, zone: string): number => new Date(day(at, zone)).getUTCDay();
const MONDAY = 1;

const now = new Date("2026-11-27T15:42:10Z");

const moments = fc
  .integer({ min: Date.parse("2023-01-01T00:00:00Z"), max: Date.parse("2026-12-31T00:00:00Z") })
  .map((ms) => new Date(ms));
const relative = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom("h", "d", "w"))
  .filter(([count, unit]) => unit !== "w" || count <= 57)
  .map(([count, unit]) => `now-${count}${unit}`);
const cases = fc.record({
  at: moments,
  zone: fc.constantFrom(...ZONES),
  from: relative,
  cmp: fc.constantFrom("weekdays", "previous", undefined),
});

describe("a range", () => {
  test("takes days as the zone has them and stays relative", () => {
    const range = readRange({ from: "now-30d", to: "now", tz: "Europe/Berlin" }, now);
    expect(range.from.toISOString()).toBe("2026-10-28T23:00:00.000Z");
    expect(range.to.toISOString()).toBe("2026-11-27T15:45:00.000Z");
    expect(range.text).toEqual({ from: "now-30d", to: "now", cmp: "weekdays", tz: "Europe/Berlin" });
    expect(range.buckets).toHaveLength(30);
    expect(range.unfinished).toBe(true);
    // 24 September to 23 October, the last day until 16:45, summer time.
    expect(range.compared?.from.toISOString()).toBe("2026-09-23T22:00:00.000Z");
    expect(range.compared?.to.toISOString()).toBe("2026-10-23T14:45:00.000Z");
  });

  test("has a day of 23 and one of 25 hours where the clock changes", () => {
    const hours = (date: string, next: string) =>
      readRange({ from: date, to: next, tz: "Europe/Berlin" }, now).buckets.length;
    expect(hours("2026-03-29", "2026-03-30")).toBe(23);
    expect(hours("2026-10-25", "2026-10-26")).toBe(25);
    expect(hours("2026-10-26", "2026-10-27")).toBe(24);
  });

  test("falls back with a reason for what cannot be read", () => {
    for (const query of [
      { from: "yesterday" },
      { from: "now-0d" },
      { from: "now", to: "now-7d" },
      { from: "2026-02-30" },
      { from: "1970-01-01", to: "1971-01-01" },
      { from: "2027-01-01", to: "2027-01-02" },
    ]) {
      const range = readRange(query, now);
      expect(range.notice).not.toBeNull();
      expect(range.text.from).toBe("now-7d");
      // A program is told why and what to send, and never of what a page shows in its place.
      expect(range.fault?.message).toMatch(/^(The range|There) .+\. Send .+\.$/);
      expect(range.fault?.message).not.toMatch(/Shown|Times/);
    }
    expect(readRange({ from: "2027-01-01" }, now).fault?.message).toMatch(/has not begun/);
    expect(readRange({ tz: "utc" }, now)).toMatchObject({ zone: "UTC", notice: null });
    expect(readRange({ tz: "europe/berlin" }, now)).toMatchObject({ zone: "Europe/Berlin", notice: null });
    expect(readRange({ tz: "Asia/Kolkata" }, now)).toMatchObject({ zone: "Asia/Kolkata", notice: null });
    expect(readRange({ tz: "Mars/Olympus" }, now).fault).toEqual({
      name: "tz",
      message: "There is no time zone Mars/Olympus. Send the name of one, such as Europe/Berlin or UTC.",
    });
    expect(readRange({}, now).fault).toBeNull();
    expect(readRange({ from: "now-9999d" }, now).fault?.message).toMatch(/400 days\. Send a from of 20/);
    expect(readRange({ tz: "Mars/Olympus" }, now)).toMatchObject({
      zone: "UTC",
      notice: expect.stringMatching(/Mars/),
    });
    expect(readRange({}, now).notice).toBeNull();
    expect(readRange({ from: "now-9999d" }, now).notice).toMatch(/400 days/);
    // Within the last quarter of a local day the range ends at midnight, and has 400 days still.
    const late = new Date("2024-07-21T18:15:00.000Z");
    expect(readRange({ from: "now-400d", tz: "Asia/Kolkata" }, late).notice).toBeNull();
  });

  test("never ends later than the quarter of an hour that is going on", () => {
    const range = readRange({ from: "2026-11-20T00:00:00Z", to: "2027-11-20T00:00:00Z" }, now);
    expect(range.to.toISOString()).toBe("2026-11-27T15:45:00.000Z");
    expect(readRange({ from: "now-24h" }, now).from.getTime()).toBe(range.to.getTime() - DAY_MS);
  });

  test("is divided without gaps into buckets that start where its zone says", () => {
    fc.assert(
      fc.property(cases, ({ at, zone, from, cmp }) => {
        const range = readRange({ from, to: "now", tz: zone, ...(cmp !== undefined && { cmp }) }, at);
        expect(range.notice).toBeNull();
        expect(range.buckets[0]).toEqual(range.from);
        for (const period of [range, range.compared].filter((one) => one !== null)) {
          const ends = [...period.buckets, period.to];
          for (const [index, start] of ends.entries()) {
            expect(start.getTime() % QUARTER_MS).toBe(0);
            if (index > 0) expect(start.getTime()).toBeGreaterThan(ends[index - 1]?.getTime() ?? Infinity);
          }
        }
        if (range.bucket !== "day" && range.bucket !== "week") return;
        for (const start of range.buckets.slice(1)) {
          expect(day(start, zone)).not.toBe(day(new Date(start.getTime() - 1), zone));
          if (range.bucket === "week") expect(weekday(start, zone)).toBe(MONDAY);
        }
        expect(range.buckets.length).toBeLessThanOrEqual(LONGEST_RANGE_DAYS);
      }),
      { numRuns: 150 },
    );
  });

  test("is compared with as long a period before it, of the same weekdays", () => {
    fc.assert(
      fc.property(cases, ({ at, zone, from, cmp }) => {
        const range = readRange({ from, to: "now", tz: zone, ...(cmp !== undefined && { cmp }) }, at);
        const { compared } = range;
        if (compared === null) throw new Error("the range is not compared with anything");
        expect(compared.to.getTime()).toBeLessThanOrEqual(range.from.getTime());
        const length = range.to.getTime() - range.from.getTime();
        const before = compared.to.getTime() - compared.from.getTime();
        // Two hours where the clock goes forward in one of the two and back in the other.
        expect(Math.abs(length - before)).toBeLessThanOrEqual(2 * HOUR_MS);
        if (range.bucket === "day" || range.bucket === "week") {
          expect(compared.buckets).toHaveLength(range.buckets.length);
        }
        if (range.text.cmp !== "weekdays") return;
        for (const end of ["from", "to"] as const) {
          expect(weekday(compared[end], zone)).toBe(weekday(range[end], zone));
        }
        // The nearest such period: a week later it would reach into the range.
        expect(compared.to.getTime() + 7 * DAY_MS + HOUR_MS).toBeGreaterThan(range.from.getTime());
      }),
      { numRuns: 150 },
    );
  });
});
