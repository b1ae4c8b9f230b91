import fc from "fast-check";
import { expect, test } from "vitest";

import { partsOfBuckets, type SpendPart } from "./parts";
import { QUARTER_MS, readRange } from "./range";

const ZONES = ["UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns"];

const MONDAY = Date.parse("1970-01-05T00:00:00Z");
const HOUR_MS = 4 * QUARTER_MS;

/** How often each quarter of an hour is counted by these parts. */
function countsOf(parts: readonly SpendPart[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { from, to, sign } of parts) {
    for (let at = from; at < to; at += QUARTER_MS) counts.set(at, (counts.get(at) ?? 0) + sign);
  }
  return counts;
}

function grouped(parts: readonly SpendPart[]): ReadonlyMap<number, readonly SpendPart[]> {
  const found = new Map<number, SpendPart[]>();
  for (const part of parts) found.set(part.bucket, [...(found.get(part.bucket) ?? []), part]);
  return found;
}

test("the parts of a bucket count each of its quarters of an hour once and no other", () => {
  const cases = fc.record({
    at: fc.integer({ min: Date.parse("2023-01-01T00:00:00Z"), max: Date.parse("2026-12-31T00:00:00Z") }),
    zone: fc.constantFrom(...ZONES),
    from: fc.tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom("h", "d")).map(([n, unit]) => `now-${n}${unit}`),
  });
  fc.assert(
    fc.property(cases, ({ at, zone, from }) => {
      const range = readRange({ from, tz: zone }, new Date(at));
      for (const period of [range, range.compared].filter((one) => one !== null)) {
        const byBucket = grouped(partsOfBuckets(period));
        for (const [bucket, start] of period.buckets.entries()) {
          const end = period.buckets[bucket + 1] ?? period.to;
          const parts = byBucket.get(bucket) ?? [];
          const counted = [...countsOf(parts)].filter(([, times]) => times !== 0);
          expect(
            counted.every(([quarter, times]) => times === 1 && quarter >= start.getTime() && quarter < end.getTime()),
          ).toBe(true);
          expect(counted).toHaveLength((end.getTime() - start.getTime()) / QUARTER_MS);
          const aligned = (at: number, minutes: number) => (at - MONDAY) % (minutes * 60_000) === 0;
          expect(parts.every((part) => aligned(part.from, part.minutes) && aligned(part.to, part.minutes))).toBe(true);
          // Each length reaches from one end to the nearest span of the next, or over one where none lies between.
          const most = { 15: 2 * HOUR_MS, 60: 48 * HOUR_MS, 1440: 14 * 24 * HOUR_MS, 10080: Infinity };
          expect(parts.every((part) => part.to - part.from <= most[part.minutes])).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});
