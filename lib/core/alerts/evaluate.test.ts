import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";

import { burnRate, readBurn } from "./burn";
import {
  acknowledge,
  asToldAt,
  dismiss,
  evaluate,
  PHASES,
  QUIET,
  silence,
  type TransitionKind,
  type Watch,
} from "./evaluate";
import { groupFor, isTold } from "./group";
import { judge, type Reading } from "./judge";
import { alertPayload } from "./payload";
import { hoursToCount, stepsSince } from "./ranges";
import { findRule, type Rule, ruleFor } from "./rules";
import { usualOf } from "./baseline";
import { SIGNALS } from "./signals";
import { whyOf } from "./why";

const RULE = findRule("retries.doubled")!;
const T0 = Date.parse("2026-03-02T09:00:00.000Z");
const at = (minutes: number) => new Date(T0 + minutes * MINUTE_MS);

/** A share of 1,000 calls where 3 % is usual: 2 × is breached by 8 %, between at 5 %, clear at 3 %. */
const reading = (share: number, n = 1_000, days = 60): Reading => ({
  kind: "usual",
  history: { days },
  windows: [2, 6, 24].map((hours) => ({
    hours,
    figure: { value: share, part: Math.round(share * n), n },
    past: Array.from({ length: 18 }, (_, past) => ({ value: 0.03 + (past % 3) * 0.0005, part: 30, n: 1_000 })),
  })),
});
const BREACH = reading(0.08);
const BETWEEN = reading(0.05);
const CLEAR = reading(0.03);
const TOO_FEW = reading(0.5, 4);

/** Evaluates a reading each minute and collects what happened. */
function run(spans: readonly (readonly [Reading | null, number])[], start: Watch = QUIET, rule: Rule = RULE) {
  let [watch, minute] = [start, 0];
  const seen: string[] = [];
  for (const [value, minutes] of spans)
    for (const end = minute + minutes; minute < end; minute += 1) {
      const { state, transitions } = evaluate(rule, watch, value, at(minute));
      watch = state;
      seen.push(...transitions.map(({ kind }) => `${kind}@${minute}`));
    }
  return { watch, seen };
}

describe("evaluate", () => {
  test("fires after its minutes, tells again every four hours, and resolves half an hour after it is back inside", () => {
    const { seen, watch } = run([
      [BREACH, 600],
      [CLEAR, 60],
    ]);
    expect(seen).toEqual(["pend@0", "fire@15", "notify@255", "notify@495", "resolve@630"]);
    expect(watch).toEqual(QUIET);
  });

  test("a breach that ends before its minutes are over tells nobody", () => {
    expect(
      run([
        [BREACH, 14],
        [CLEAR, 5],
      ]).seen,
    ).toEqual(["pend@0", "lapse@14"]);
  });

  test("a value between limit and usual neither begins an alert nor ends one", () => {
    expect(run([[BETWEEN, 300]]).seen).toEqual([]);
    expect(
      run([
        [BREACH, 16],
        [BETWEEN, 200],
      ]).seen,
    ).toEqual(["pend@0", "fire@15"]);
  });

  test("a value that comes and goes fires once", () => {
    const flapping = Array.from({ length: 20 }, (_, n) => [n % 2 === 0 ? BREACH : CLEAR, 20] as const);
    expect(run(flapping).seen).toEqual(["pend@0", "fire@15", "notify@255"]);
  });

  test("missing data is said of an open alert, is no reason to fire, and gives up after three days", () => {
    expect(
      run([
        [TOO_FEW, 300],
        [null, 300],
      ]).seen,
    ).toEqual([]);
    const lost = run([
      [BREACH, 20],
      [TOO_FEW, 60],
      [BREACH, 5],
    ]);
    expect(lost.seen).toEqual(["pend@0", "fire@15", "lose_data@50", "regain_data@80"]);
    expect(
      run([
        [BREACH, 20],
        [null, 3 * 24 * 60 + 30],
      ]).seen.at(-1),
    ).toBe(`resolve@${20 + 3 * 24 * 60}`);
  });

  test("a history that is too young judges nothing and says how old it is", () => {
    const { why, transitions } = evaluate(RULE, QUIET, reading(0.9, 1_000, 9), at(0));
    expect(transitions).toEqual([]);
    expect(why).toMatchObject({ verdict: "unknown", unknown: "learning", value: 0.9 });
  });

  test("an acknowledged alert tells nobody again and still resolves", () => {
    const { watch } = run([[BREACH, 20]]);
    const seen = acknowledge(watch, at(20));
    expect(seen).toMatchObject({ ok: true, transition: { kind: "acknowledge", to: "acknowledged" } });
    if (!seen.ok) return;
    const after = run(
      [
        [BREACH, 700],
        [CLEAR, 40],
      ],
      seen.state,
    );
    expect(after.seen.map((one) => one.split("@")[0])).toEqual(["resolve"]);
    expect(acknowledge(seen.state, at(21))).toEqual({ ok: false, why: "already" });
    expect(acknowledge(QUIET, at(21))).toEqual({ ok: false, why: "not_open" });
  });

  test("a silenced alert tells nobody until then, and then that it still fires", () => {
    const { watch } = run([[BREACH, 20]]);
    const silenced = silence(watch, at(90), at(20));
    if (!silenced.ok) throw new Error("it is open");
    expect(run([[BREACH, 200]], silenced.state).seen).toEqual(["unsilence@90", "notify@90"]);
    expect(run([[CLEAR, 31]], silenced.state).seen).toEqual(["resolve@30"]);
    expect(dismiss(silenced.state, at(30))).toMatchObject({ ok: true, state: { phase: "ok" } });
  });

  test("of a moment that is over no reminder is sent: it stays due, and what fired then counts as told now", () => {
    const now = at(900);
    const { watch } = run([[BREACH, 200]]);
    const past = evaluate(RULE, watch, BREACH, at(300));
    expect(past).toMatchObject({ transitions: [{ kind: "notify" }], state: { toldAt: at(300).toISOString() } });
    const found = asToldAt(now, past, watch);
    expect(found).toMatchObject({ transitions: [], state: { toldAt: at(15).toISOString() } });
    expect(evaluate(RULE, found.state, BREACH, now).transitions).toMatchObject([{ kind: "notify" }]);

    const pending = run([[BREACH, 5]]).watch;
    const fired = asToldAt(now, evaluate(RULE, pending, BREACH, at(60)), pending);
    expect(fired).toMatchObject({ transitions: [{ kind: "fire" }], state: { toldAt: now.toISOString() } });
    expect(evaluate(RULE, fired.state, BREACH, now).transitions).toEqual([]);

    const silenced = silence(watch, at(250), at(210));
    if (!silenced.ok) throw new Error(silenced.why);
    const woken = asToldAt(now, evaluate(RULE, silenced.state, BREACH, at(300)), silenced.state);
    expect(woken).toMatchObject({ transitions: [{ kind: "unsilence" }], state: { phase: "firing", toldAt: null } });
    expect(evaluate(RULE, woken.state, BREACH, now).transitions).toMatchObject([{ kind: "notify" }]);
  });

  test("a rule that is switched off ends what it began", () => {
    const { watch } = run([[BREACH, 20]]);
    expect(run([[BREACH, 5]], watch, { ...RULE, on: false }).seen).toEqual(["resolve@0"]);
    expect(run([[BREACH, 5]], QUIET, { ...RULE, on: false }).seen).toEqual([]);
  });

  test("whatever comes: it fires only after pending, ends only what began, and a step repeated changes nothing", () => {
    const spans = fc.array(
      fc.tuple(fc.constantFrom(BREACH, BETWEEN, CLEAR, TOO_FEW, null), fc.integer({ min: 1, max: 120 })),
      { maxLength: 12 },
    );
    const allowed: Record<string, readonly TransitionKind[]> = {
      ok: ["pend"],
      pending: ["lapse", "fire"],
      firing: ["notify", "lose_data", "resolve"],
      no_data: ["regain_data", "resolve"],
    };
    fc.assert(
      fc.property(spans, (history) => {
        let [watch, minute, phase] = [QUIET, 0, "ok"];
        for (const [value, minutes] of history)
          for (const end = minute + minutes; minute < end; minute += 1) {
            const found = evaluate(RULE, watch, value, at(minute));
            for (const { kind, to } of found.transitions) {
              expect(allowed[phase]).toContain(kind);
              phase = to;
            }
            watch = found.state;
            expect(watch.phase).toBe(phase);
            expect(evaluate(RULE, watch, value, at(minute))).toMatchObject({ state: watch, transitions: [] });
          }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a baseline", () => {
  test("is the median and the band of what it is given, whatever the order, and nothing below six values", () => {
    expect(usualOf([1, 2, 3, 4, 5])).toBeNull();
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 6, maxLength: 40 }), (values) => {
        const usual = usualOf(values)!;
        expect(usual.low).toBeLessThanOrEqual(usual.median);
        expect(usual.median).toBeLessThanOrEqual(usual.high);
        expect(usual.high).toBeLessThanOrEqual(Math.max(...values));
        expect(usualOf(values.toReversed())).toEqual(usual);
      }),
    );
    expect(usualOf(Array.from({ length: 101 }, (_, n) => n))).toEqual({ median: 50, low: 5, high: 95, n: 101 });
  });
});

describe("overrides", () => {
  test("an agent's own goes before the workspace's, field by field", () => {
    const wide = { rule: RULE.id, agentId: null, on: false, factor: 3, forMinutes: null };
    const own = { rule: RULE.id, agentId: "a", on: true, factor: null, forMinutes: 5 };
    expect(ruleFor(RULE, [wide, own], "a")).toMatchObject({ on: true, factor: 3, forMinutes: 5 });
    expect(ruleFor(RULE, [wide, own], "b")).toMatchObject({ on: false, factor: 3, forMinutes: 15 });
    expect(ruleFor(RULE, [], "a")).toEqual(RULE);
  });
});

describe("burn rate", () => {
  const fast = findRule("burn.fast")!;
  const now = at(600);
  const marks = (...spent: readonly (readonly [number, number])[]) =>
    spent.map(([minute, n]) => ({ at: at(minute), spent: n }));

  test("is 1 where the cap lasts exactly the day", () => {
    expect(burnRate(100 / 24, 100, HOUR_MS)).toBeCloseTo(1);
  });

  test("fires only while both windows burn, and not for what is hardly anything", () => {
    const fires = (cap: number, spent: number, noted: ReturnType<typeof marks>) =>
      evaluate(fast, QUIET, readBurn({ cap, spent, marks: noted }, fast.windows!, now), now).transitions.map(
        ({ kind }) => kind,
      );
    expect(fires(100, 60, marks([530, 20], [590, 50]))).toEqual(["pend", "fire"]);
    // It was spent within the hour, but nothing of it in the last minutes.
    expect(fires(100, 60, marks([530, 20], [590, 60]))).toEqual([]);
    // As fast, and too little to tell anybody.
    expect(fires(10_000, 3_000, marks([530, 0], [590, 0]))).toEqual(["pend", "fire"]);
    expect(fires(10_000, 400, marks([530, 0], [590, 0]))).toEqual([]);
    expect(readBurn({ cap: 0, spent: 1, marks: [] }, fast.windows!, now)).toBeNull();
  });
});

describe("a group", () => {
  const first = { id: "1", agentId: "a", tool: "erp.read", firedAt: at(0), phase: "firing" } as const;
  const next = { agentId: "a", signal: "latency", tool: null, firedAt: at(40) } as const;

  test("is of one agent, about one time, and not about two tools", () => {
    expect(groupFor([first], next)).toBe("1");
    expect(groupFor([first], { ...next, tool: "erp.read" })).toBe("1");
    expect(groupFor([first], { ...next, tool: "mail.send" })).toBeNull();
    expect(groupFor([first], { ...next, agentId: "b" })).toBeNull();
    expect(groupFor([first], { ...next, firedAt: at(61) })).toBeNull();
  });

  test("is joined only while its first alert is firing, and never by what an agent could hide in it", () => {
    for (const phase of PHASES) expect(groupFor([{ ...first, phase }], next)).toBe(phase === "firing" ? "1" : null);
    const alone = SIGNALS.filter((signal) => groupFor([first], { ...next, signal }) === null);
    expect(alone).toEqual(["denials", "ungoverned", "burn"]);
  });

  test("speaks through its first alert while that is firing, and through each other one from then on", () => {
    const [own, other] = [
      { id: "1", groupId: "1" },
      { id: "2", groupId: "1" },
    ];
    const fires = { before: "firing", after: "firing" } as const;
    for (const kind of ["fire", "notify", "resolve"] as const) {
      expect(isTold(kind, own, fires)).toBe(true);
      expect(isTold(kind, other, fires)).toBe(false);
      expect(isTold(kind, other, null)).toBe(true);
      for (const phase of ["acknowledged", "silenced", "no_data"] as const)
        expect(isTold(kind, other, { before: phase, after: phase })).toBe(true);
    }
    // Both end in one step: the first says so. A reminder that is due in that step comes from the other.
    const ends = { before: "firing", after: "ok" } as const;
    expect(isTold("resolve", other, ends)).toBe(false);
    expect(isTold("notify", other, ends)).toBe(true);
  });
});

describe("the message of an alert", () => {
  test("names the tool only where the catalogue has it", () => {
    const why = whyOf(RULE, { reading: BREACH, judged: judge(RULE, BREACH), tool: "evil.example/pay-now", at: at(0) });
    const about = { id: crypto.randomUUID(), agent: "a", beganAt: at(0), why, resolution: null, isFirst: true };
    const known = JSON.stringify(alertPayload({ ...about, isToolKnown: true }));
    expect(known).toContain("Most of it comes from evil.example/pay-now.");
    const unknown = JSON.stringify(alertPayload({ ...about, isToolKnown: false }));
    expect(unknown).toContain("Most of it comes from one tool.");
    expect(unknown).not.toContain("evil");
    const none = alertPayload({ ...about, why: { ...why, tool: null }, isToolKnown: false });
    expect(JSON.stringify(none)).not.toContain("Most of it");
  });
});

describe("steps after a gap", () => {
  test("are the ends of its hours and now, a day's at most, and only now where there was none", () => {
    const iso = (last: Date | null, now: Date) => stepsSince(last, now).map((one) => one.toISOString().slice(11, 19));
    expect(iso(null, at(30))).toEqual(["09:30:00"]);
    expect(iso(at(29), at(30))).toEqual(["09:30:00"]);
    expect(iso(at(50), at(195))).toEqual(["09:59:59", "10:59:59", "11:59:59", "12:15:00"]);
    expect(stepsSince(at(0), at(60 * 24 * 10))).toHaveLength(25);
  });
});

describe("the hours to count again", () => {
  const now = at(30);
  const hour = Math.floor(now.getTime() / HOUR_MS);
  const spans = (last: Date | null, counted: number | null, keptDays = 90) =>
    hoursToCount(now, { last, counted, keptDays }).map(({ from, to }) => [from - hour, to - hour]);

  test("are seven weeks at first, a day at a time without a hole, and from where an interrupted count was", () => {
    const first = spans(null, null);
    expect(first[0]).toEqual([-1_175, -1_151]);
    expect(first.at(-1)?.[1]).toBe(2);
    for (const [n, [from, to]] of first.entries()) {
      expect(to! - from!).toBeLessThanOrEqual(24);
      if (n > 0) expect(from).toBe(first[n - 1]![1]);
    }
    expect(spans(null, hour - 100)[0]).toEqual([-125, -101]);
  });

  test("are three within an hour, a day's after it, and the whole gap after a longer one", () => {
    expect(spans(at(29), hour)).toEqual([[-2, 2]]);
    expect(spans(at(-1), hour)).toEqual([
      [-25, -1],
      [-1, 2],
    ]);
    expect(spans(at(-60 * 100), null)[0]?.[0]).toBe(-102);
  });

  test("are never from before the events that are kept, less a day", () => {
    expect(spans(null, null, 30)[0]?.[0]).toBe(-29 * 24 + 1);
    expect(spans(null, null, 2)[0]?.[0]).toBe(-23);
    expect(spans(at(-1), hour, 1)).toEqual([[-2, 2]]);
  });
});
