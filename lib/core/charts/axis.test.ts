import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { namedPlaces, placeWords, ticksFor } from "./axis";

describe("ticksFor", () => {
  test.each([
    [200, [0, 50, 100, 150, 200]],
    [171.6, [0, 50, 100, 150, 200]],
    [0.03, [0, 0.01, 0.02, 0.03]],
    [0, [0, 1]],
    [7, [0, 2, 4, 6, 8]],
  ])("marks up to %d", (highest, ticks) => {
    expect(ticksFor(highest)).toEqual(ticks);
  });

  test("begins at 0, holds the highest value and has at most six marks", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (highest) => {
        const ticks = ticksFor(highest);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest * (1 - 1e-6));
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

test("the first and the last place are named, and no two too near each other", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 500 }), fc.integer({ min: 2, max: 12 }), (count, room) => {
      const places = namedPlaces(count, room);
      expect(places[0]).toBe(0);
      expect(places.at(-1)).toBe(count - 1);
      expect(places.length).toBeLessThanOrEqual(room + 1);
      expect(places.toSorted((a, b) => a - b)).toEqual([...new Set(places)]);
    }),
  );
});

test("words beside lines never touch, keep the order of their lines and stay inside", () => {
  const room = { gap: 14, low: 0, high: 280 };
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 280, noNaN: true }), { maxLength: 9 }), (wanted) => {
      const places = placeWords(wanted, room);
      const sorted = wanted
        .map((at, index) => ({ at, index, place: places[index] ?? Number.NaN }))
        .toSorted((a, b) => a.at - b.at || a.index - b.index);
      for (const [at, { place }] of sorted.entries()) {
        expect(place).toBeGreaterThanOrEqual(-1e-6);
        expect(place).toBeLessThanOrEqual(280 + 1e-6);
        if (at > 0) expect(place - (sorted[at - 1]?.place ?? 0)).toBeGreaterThanOrEqual(14 - 1e-6);
      }
    }),
  );
});

test("words that have room stand at their own height", () => {
  expect(placeWords([200, 20, 100], { gap: 14, low: 0, high: 280 })).toEqual([200, 20, 100]);
});
