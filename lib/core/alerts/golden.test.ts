import { describe, expect, test } from "vitest";

import { HOUR_MS } from "@/lib/core/shared/time";
import { type Behaviour, BUSY, SMALL, START, type Told, tellWeeks } from "@/lib/testing/agent-weeks";

import { evaluate, QUIET, type Watch } from "./evaluate";
import type { Reading } from "./judge";
import { readCreep, readSilence, readUsual } from "./reading";
import { type Rule, RULES } from "./rules";
import { SIGNAL_FACTS } from "./signals";
import { replay, type Why, whyOf } from "./why";
import { sayAlert } from "./words";

const WATCHED = RULES.filter(({ kind }) => kind !== "burn");
const FIRST = START / HOUR_MS;
const HOURS_A_WEEK = 168;

type Fired = { readonly rule: string; readonly hour: number; readonly why: Why; readonly since: string };

type History = { seed: number; weeks: number; behaves: (hour: number) => Behaviour };

/** Tells a history and evaluates every rule at every step from an hour on, as the job does. */
function firedIn(history: History, fromHour = 0): Fired[] {
  const watches = new Map<string, Watch>();
  const began = new Map<string, Why>();
  const fired: Fired[] = [];
  tellWeeks(history, (told, now) => {
    const hour = (now.getTime() - START) / HOUR_MS;
    if (hour < fromHour) return;
    for (const rule of WATCHED) {
      const reading = readOf(rule, told, now);
      const { state, transitions, why: judged } = evaluate(rule, watches.get(rule.id) ?? QUIET, reading, now);
      watches.set(rule.id, state);
      if (judged.verdict === "breach") began.set(rule.id, whyOf(rule, { reading, judged, tool: null, at: now }));
      if (!transitions.some(({ kind }) => kind === "fire")) continue;
      fired.push({ rule: rule.id, hour, why: began.get(rule.id)!, since: state.trueSince ?? "" });
    }
  });
  return fired;
}

function readOf(rule: Rule, told: Told, now: Date): Reading | null {
  const series = told.get(rule.signal);
  const { shape } = SIGNAL_FACTS[rule.signal];
  if (!series) return null;
  if (rule.kind === "silent") return readSilence(series, now, { firstHour: FIRST, lastEventAt: null });
  if (!shape) return null;
  return rule.kind === "creeping" ? readCreep(series, shape, now, FIRST) : readUsual(series, shape, now, FIRST);
}

/** Ten weeks as usual and then a change, on a Tuesday at 14:00. */
const CHANGE = 10 * HOURS_A_WEEK + 24 + 14;
const changed = (usual: Behaviour, change: Partial<Behaviour>, from = CHANGE) => ({
  seed: 7,
  weeks: Math.ceil(from / HOURS_A_WEEK) + 1,
  behaves: (hour: number) => (hour >= from ? { ...usual, ...change } : usual),
});

/** What fires from the day before the change on. */
const firedAfter = (history: History) => firedIn(history, CHANGE - 24).filter(({ hour }) => hour >= CHANGE);

function firstOf(fired: readonly Fired[], rule: string): Fired | undefined {
  return fired.find((one) => one.rule === rule && one.hour >= CHANGE);
}

describe("alerts on prepared histories", { timeout: 120_000 }, () => {
  test("a doubled retry rate fires within 6 hours for a busy agent and within 2 days for a small one", () => {
    for (const { usual, within } of [
      { usual: BUSY, within: 6 },
      { usual: SMALL, within: 48 },
    ]) {
      const found = firstOf(firedAfter(changed(usual, { retries: 2.1 * usual.retries })), "retries.doubled");
      expect(found?.hour).toBeLessThanOrEqual(CHANGE + within);
      const words = sayAlert({ why: found!.why, agent: "inventory-sync-v3", since: found!.since });
      expect(words.title).toMatch(/^inventory-sync-v3: retries at \d\.\d times the usual$/);
      expect(words.happened).toContain("of tool calls that were a repeat");
    }
  });

  test("a cost spike fires within 2 hours and tells the cost per run from everything else", () => {
    const fired = firedAfter(changed(BUSY, { picosPerRun: 3 * BUSY.picosPerRun }));
    const after = fired;
    expect(after[0]?.rule).toBe("cost.doubled");
    expect(after[0]?.hour).toBeLessThanOrEqual(CHANGE + 2);
    const words = sayAlert({ why: after[0]!.why, agent: "support-triage-v2", since: after[0]!.since });
    expect(words.title).toMatch(/^support-triage-v2: cost per run at \d\.\d times the usual$/);
    expect(new Set(after.map(({ rule }) => rule).filter((rule) => !rule.startsWith("cost")))).toEqual(new Set());
  });

  test("a slow leak of one and a half percent a day fires within four weeks, before the cost has doubled", () => {
    const leak = {
      seed: 11,
      weeks: 16,
      behaves: (hour: number) => ({
        ...BUSY,
        picosPerRun: BUSY.picosPerRun * 1.015 ** (Math.max(0, hour - CHANGE) / 24),
      }),
    };
    const found = firedAfter(leak).find(({ rule }) => rule === "cost.creeping");
    expect(found?.hour).toBeGreaterThan(CHANGE);
    expect(found?.hour).toBeLessThanOrEqual(CHANGE + 28 * 24);
    expect(found!.why.judged.value! / BUSY.picosPerRun).toBeLessThan(2);
    expect(sayAlert({ why: found!.why, agent: "a", since: found!.since }).title).toBe("a: cost per run keeps rising");
  });

  test("a silent agent fires within 4 hours, and nothing else does", () => {
    const fired = firedAfter(changed(BUSY, { calls: 0 })).filter(({ hour }) => hour >= CHANGE);
    expect(fired.map(({ rule }) => rule)).toEqual(["silence"]);
    expect(fired[0]?.hour).toBeLessThanOrEqual(CHANGE + 4);
    expect(sayAlert({ why: fired[0]!.why, agent: "a", since: fired[0]!.since }).title).toBe("a is silent");
  });

  test("30 quiet weeks of a busy and of a small agent fire at most once per agent in 8 weeks", {
    timeout: 300_000,
  }, () => {
    const [weeks, learned] = [30, 27];
    for (const [name, usual] of [
      ["busy", BUSY],
      ["small", SMALL],
    ] as const) {
      const fired = firedIn({ seed: 1, weeks, behaves: () => usual }, 21 * 24);
      const rate = fired.length / learned;
      const list = fired.map(({ rule, hour }) => `${rule} in week ${Math.floor(hour / HOURS_A_WEEK)}`).join(", ");
      process.stdout.write(
        `${name} agent, ${weeks} quiet weeks: ${fired.length} alerts, ${rate.toFixed(3)} a week (${list || "none"})\n`,
      );
      expect(rate).toBeLessThanOrEqual(1 / 8);
    }
  });

  test("every alert that fired can be judged again from what was kept of it, and no other judgement passes for it", () => {
    const fired = firedAfter(changed(BUSY, { retries: 0.2, latencyMs: 4_000, calls: 1_200, denials: 0.3 }));
    expect(new Set(fired.map(({ rule }) => rule)).size).toBeGreaterThanOrEqual(4);
    for (const { why } of fired) {
      const kept = JSON.parse(JSON.stringify(why)) as Why;
      expect(replay(kept)).toMatchObject({ same: true, judged: { verdict: "breach" } });
      const raised = { ...kept, rule: { ...kept.rule, factor: kept.rule.factor * 50 } };
      expect(replay(raised).same).toBe(false);
    }
  });
});
