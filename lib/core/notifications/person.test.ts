import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Band } from "@/lib/core/decisions/schema";

import { DEFAULT_PREFERENCES, digestAt, planFor, type Preferences, PreferencesForm, type Sent } from "./person";
import { isQuiet, quietEnd } from "./zone";

const at = (text: string) => new Date(`2026-${text}Z`);
const night: Preferences = { ...DEFAULT_PREFERENCES, zone: "Europe/Berlin", quiet: { from: 22 * 60, to: 7 * 60 } };

describe("quiet hours", () => {
  test("are those of the person's own clock, over midnight", () => {
    const quiet = { from: 22 * 60, to: 7 * 60, zone: "Europe/Berlin" };
    expect(isQuiet(at("07-01T19:59:00"), quiet)).toBe(false);
    expect(isQuiet(at("07-01T20:00:00"), quiet)).toBe(true);
    expect(isQuiet(at("07-02T05:00:00"), quiet)).toBe(false);
    expect(quietEnd(at("07-01T21:30:00"), quiet)).toEqual(at("07-02T05:00:00"));
  });

  test("end at the right minute on the nights the clock is changed", () => {
    const quiet = { from: 22 * 60, to: 7 * 60, zone: "Europe/Berlin" };
    expect(quietEnd(at("03-28T22:00:00"), quiet)).toEqual(at("03-29T05:00:00"));
    expect(quietEnd(at("10-24T22:00:00"), quiet)).toEqual(at("10-25T06:00:00"));
  });

  test("hold everything but what the person lets through", () => {
    const asleep = at("07-01T23:00:00");
    expect(planFor("high", night, [], asleep)).toEqual({ do: "wait", until: at("07-02T05:00:00") });
    expect(planFor("critical", night, [], asleep)).toMatchObject({ do: "wait" });
    expect(planFor("critical", { ...night, critical_breaks: true }, [], asleep)).toEqual({ do: "send" });
    expect(planFor("high", { ...night, critical_breaks: true }, [], asleep)).toMatchObject({ do: "wait" });
  });
});

describe("the hour's cap", () => {
  const times = (count: number, when: Date): Sent[] =>
    Array.from({ length: count }, () => ({ at: when, digest: false }));

  test("keeps one place for the digest, and Low never interrupts", () => {
    const now = at("07-01T12:00:00");
    const wants = { ...DEFAULT_PREFERENCES, hourly_cap: 3 };
    expect(planFor("high", wants, times(1, now), now)).toEqual({ do: "send" });
    expect(planFor("high", wants, times(2, now), now)).toEqual({ do: "digest" });
    expect(planFor("high", wants, times(2, at("07-01T11:00:00")), now)).toEqual({ do: "send" });
    expect(planFor("low", wants, [], now)).toEqual({ do: "digest" });
  });

  test("is never exceeded, quiet is broken only as allowed, and nothing is lost, whatever arrives", () => {
    const bands: readonly Band[] = ["low", "elevated", "high", "critical"];
    fc.assert(
      fc.property(
        fc.array(fc.record({ gap: fc.integer({ min: 0, max: 40 }), band: fc.constantFrom(...bands) }), {
          maxLength: 120,
        }),
        fc.record({
          cap: fc.integer({ min: 2, max: 6 }),
          from: fc.integer({ min: 0, max: 1439 }),
          to: fc.integer({ min: 0, max: 1439 }),
          breaks: fc.boolean(),
          zone: fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Sao_Paulo"),
        }),
        (arrivals, { cap, from, to, breaks, zone }) => {
          const quiet = from === to ? null : { from, to };
          const wants: Preferences = { channel: "email", zone, quiet, critical_breaks: breaks, hourly_cap: cap };
          const told = simulate(arrivals, wants);
          expect(told.lost).toBe(0);
          for (const { at: when, band, digest } of told.sent) {
            const hour = told.sent.filter((one) => one.at <= when && one.at.getTime() > when.getTime() - 3_600_000);
            expect(hour.length).toBeLessThanOrEqual(cap);
            if (quiet && isQuiet(when, { ...quiet, zone }))
              expect({ band, digest, breaks }).toEqual({ band: "critical", digest: false, breaks: true });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  /** Minute by minute as the job does it, until a day after the last arrival. */
  function simulate(arrivals: readonly { gap: number; band: Band }[], wants: Preferences) {
    const sent: (Sent & { band: Band | null })[] = [];
    let planned: { band: Band; due: number }[] = [];
    let kept: { first: number }[] = [];
    let minute = 0;
    const due = arrivals.map(({ gap, band }) => ({ band, minute: (minute += gap) }));
    const start = at("03-28T12:00:00").getTime();
    for (let now = 0; now <= minute + 3_000; now += 1) {
      const clock = new Date(start + now * 60_000);
      planned.push(...due.filter((one) => one.minute === now).map(({ band }) => ({ band, due: now })));
      const later: typeof planned = [];
      for (const one of planned) {
        if (one.due > now) {
          later.push(one);
          continue;
        }
        const next = planFor(one.band, wants, sent, clock);
        if (next.do === "send") sent.push({ at: clock, digest: false, band: one.band });
        else if (next.do === "digest") kept.push({ first: clock.getTime() });
        else later.push({ band: one.band, due: Math.ceil((next.until.getTime() - start) / 60_000) });
      }
      planned = later;
      const [first] = kept;
      if (first && digestAt(wants, sent, new Date(first.first)) <= clock) {
        sent.push({ at: clock, digest: true, band: null });
        kept = [];
      }
    }
    return { sent, lost: planned.length + kept.length };
  }
});

test("the form takes both ends of the quiet hours or neither, and zones that exist", () => {
  const form = { channel: "email", zone: "Europe/Berlin", quiet_from: "22:00", quiet_to: "07:00", hourly_cap: "5" };
  expect(PreferencesForm.parse(form)).toMatchObject({
    quiet: { from: 1_320, to: 420 },
    critical_breaks: false,
    hourly_cap: 5,
  });
  expect(PreferencesForm.parse({ ...form, quiet_from: "", quiet_to: "" })).toMatchObject({ quiet: null });
  for (const wrong of [
    { quiet_to: "" },
    { zone: "Mars/Olympus" },
    { hourly_cap: "1" },
    { quiet_to: "22:00" },
    { quiet_from: "25:00" },
  ])
    expect(PreferencesForm.safeParse({ ...form, ...wrong }).success).toBe(false);
});
