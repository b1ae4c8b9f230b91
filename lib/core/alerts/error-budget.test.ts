import { describe, expect, test } from "vitest";

import type { Tally } from "@/lib/core/objectives/stand";
import { HOUR_MS } from "@/lib/core/shared/time";
import { randomOf } from "@/lib/testing/fuzz/random";

import { errorBurn, type KnownObjective, readObjective } from "./error-budget";
import { evaluate, QUIET, type Watch } from "./evaluate";
import { judge } from "./judge";
import { findRule, RULES, watching } from "./rules";
import { replay, whyOf } from "./why";
import { sayAlert } from "./words";

const NOW = new Date("2026-11-30T10:30:00Z");
const HOUR = Math.floor(NOW.getTime() / HOUR_MS);
const WATCHED = RULES.filter(({ kind }) => kind === "objective");
const [fast] = WATCHED;

const objective = (hours: ReadonlyMap<number, Tally>, target_bp = 9900): KnownObjective => ({
  measure: "success",
  target_bp,
  days: 28,
  most: null,
  hours,
});
/** So many runs in each of the last hours, the hour under way first. */
const hoursOf = (...tallies: readonly [bad: number, total: number][]) =>
  new Map(tallies.map(([bad, total], back) => [HOUR - back, { good: total - bad, total }]));
const judged = (hours: ReadonlyMap<number, Tally>, rule = fast!) =>
  judge(rule, readObjective(objective(hours), rule.windows!, NOW));

describe("an error budget", () => {
  test("burns at the bad share over the share that may be bad", () => {
    expect(errorBurn({ good: 99, total: 100 }, 9900)).toBeCloseTo(1, 9);
    expect(errorBurn({ good: 94, total: 100 }, 9900)).toBeCloseTo(6, 9);
    expect(errorBurn({ good: 50, total: 100 }, 5000)).toBeCloseTo(1, 9);
    expect(errorBurn({ good: 0, total: 0 }, 9900)).toBeNull();
  });

  test("is read from whole hours and the one under way", () => {
    const hours = hoursOf([1, 10], [2, 20], [4, 30], [0, 40], [0, 50], [0, 60], [8, 70], [64, 1000]);
    const { long, short } = readObjective(objective(hours), fast!.windows!, NOW);
    expect(long).toEqual({ good: 265, total: 280 });
    expect(short).toEqual({ good: 27, total: 30 });
  });

  test.each([
    ["too few in the long window", hoursOf([9, 10]), "unknown"],
    ["nothing bad", hoursOf([0, 100]), "clear"],
    ["bad in both windows", hoursOf([10, 50], [10, 50]), "breach"],
    ["few bad ones, which may be chance", hoursOf([4, 20], [0, 10]), "between"],
    ["over by now", hoursOf([0, 50], [0, 50], [40, 50]), "clear"],
    ["nothing in the short window to tell", hoursOf([0, 0], [0, 0], [40, 50]), "between"],
  ] as const)("%s", (_, hours, verdict) => {
    expect(judged(hours).verdict).toBe(verdict);
  });

  test("of an agent that keeps exactly to its objective for 20 weeks hardly ever alerts, and one that breaks does within hours", () => {
    const random = randomOf(11);
    const hours = new Map<number, Tally>();
    const watches = new Map<string, Watch>();
    const fired: string[] = [];
    const weeks = 20;
    for (let at = 0; at < weeks * 168 + 6; at += 1) {
      const isBroken = at >= weeks * 168;
      const bad = Array.from({ length: 20 }).filter(() => random() < (isBroken ? 0.6 : 0.05)).length;
      hours.set(HOUR + at, { good: 20 - bad, total: 20 });
      const now = new Date(NOW.getTime() + at * HOUR_MS);
      for (const rule of WATCHED) {
        const reading = readObjective(objective(hours, 9500), rule.windows!, now);
        const { state, transitions } = evaluate(rule, watches.get(rule.id) ?? QUIET, reading, now);
        watches.set(rule.id, state);
        if (transitions.some(({ kind }) => kind === "fire")) fired.push(`${isBroken ? "broken" : "kept"} ${rule.id}`);
      }
    }
    expect(fired.filter((one) => one.startsWith("kept")).length).toBeLessThanOrEqual(1);
    expect(fired.filter((one) => one.startsWith("broken")).toSorted()).toEqual([
      "broken objective.fast",
      "broken objective.leak",
      "broken objective.slow",
    ]);
  });

  test("is told with the objective, can be judged again, and finds its rule by what it watches", () => {
    const rule = watching(fast!, "success");
    expect(findRule(rule.id)).toBe(fast);
    const reading = readObjective(objective(hoursOf([10, 50], [10, 50])), rule.windows!, NOW);
    const why = whyOf(rule, { reading, judged: judge(rule, reading), tool: null, at: NOW });
    expect(replay(why).same).toBe(true);
    expect(sayAlert({ why, agent: "support", since: NOW.toISOString() })).toMatchObject({
      title: "support burns the error budget of its success objective 20.0× too fast",
      happened: "20 of 100 finished runs did not succeed over the last 6 h (20.0 %).",
      compared:
        "The objective: 99 % of finished runs succeed, over 28 days. Alerts at 6 times the pace that lasts, in both windows.",
    });
  });
});
