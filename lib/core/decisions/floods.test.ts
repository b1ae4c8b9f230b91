import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { SECONDS } from "@/lib/testing/standing";

import { countFlood } from "./floods";
import type { StandingAsking } from "./standing";

const asking = (changes: Partial<StandingAsking> = {}): StandingAsking => ({
  repeatSeconds: 3_600,
  most: 3,
  waiting: 3,
  since: null,
  refused: 0,
  pausedUntil: null,
  ...changes,
});

/** What is counted after one refusal, and whether it paused the agent. */
function counted(changes: Partial<StandingAsking>, seconds = SECONDS) {
  const asker = asking(changes);
  const isPaused = countFlood(asker, seconds);
  return { isPaused, since: asker.since, refused: asker.refused, pausedUntil: asker.pausedUntil };
}

const HALF_AN_HOUR = 1_800;
const TEN_MINUTES = 600;

describe("a refusal for asking too much", () => {
  test("begins a series", () => {
    expect(counted({})).toEqual({ isPaused: false, since: SECONDS, refused: 1, pausedUntil: null });
  });

  test("joins a series of the last ten minutes", () => {
    const since = SECONDS - TEN_MINUTES + 1;
    expect(counted({ since, refused: 1 })).toEqual({ isPaused: false, since, refused: 2, pausedUntil: null });
  });

  test("begins a new series after ten minutes", () => {
    expect(counted({ since: SECONDS - TEN_MINUTES, refused: 2 })).toMatchObject({ since: SECONDS, refused: 1 });
  });

  test("pauses for half an hour when it is as many as there are places", () => {
    const since = SECONDS - 5;
    const pausedUntil = SECONDS + HALF_AN_HOUR;
    expect(counted({ since, refused: 2 })).toEqual({ isPaused: true, since, refused: 3, pausedUntil });
  });

  test("pauses at once where there is one place", () => {
    expect(counted({ most: 1 })).toMatchObject({ isPaused: true, refused: 1 });
  });

  test("is counted during a pause, which it does not prolong", () => {
    const paused = { since: SECONDS - 5, refused: 3, pausedUntil: SECONDS + 1 };
    expect(counted(paused)).toEqual({ ...paused, refused: 4, isPaused: false });
  });

  test("is counted during a pause that is longer than a series", () => {
    const paused = { since: SECONDS - 2 * TEN_MINUTES, refused: 3, pausedUntil: SECONDS + 1 };
    expect(counted(paused)).toEqual({ ...paused, refused: 4, isPaused: false });
  });

  test("begins a new series when a pause has ended", () => {
    const paused = { since: SECONDS - HALF_AN_HOUR, refused: 9, pausedUntil: SECONDS };
    expect(counted(paused)).toEqual({ isPaused: false, since: SECONDS, refused: 1, pausedUntil: null });
  });
});

test("pauses are half an hour apart, and each follows as many refusals within ten minutes as there are places", () => {
  const waits = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), waits, (most, seconds) => {
      const asker = asking({ most });
      const refusals: number[] = [];
      let now = SECONDS;
      let until = Number.NEGATIVE_INFINITY;
      for (const wait of seconds) {
        now += wait;
        const isPaused = countFlood(asker, now);
        const isOutside = now >= until;
        if (isOutside) refusals.push(now);
        if (!isPaused) continue;
        expect(isOutside).toBe(true);
        until = now + HALF_AN_HOUR;
        expect(now - (refusals.at(-most) ?? Number.NEGATIVE_INFINITY)).toBeLessThan(TEN_MINUTES);
      }
    }),
  );
});
