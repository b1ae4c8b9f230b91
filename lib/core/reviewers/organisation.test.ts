import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { burstPassed } from "./burst";
import { cueOf, distanceAfter, needsSecondReviewer } from "./calibration";
import { countable, wholeBlocks } from "./organisation";
import type { Review } from "./review";
import { needlessRules } from "./scorecard";
import { wilson } from "@/lib/core/shared/statistics";
import { agreementText, durationText, shareText } from "./words";

const acts = fc
  .array(fc.record({ memberId: fc.constantFrom(..."abcdefgh"), minute: fc.nat(5_000) }), { maxLength: 120 })
  .map((list) => list.map(({ memberId, minute }, index) => ({ memberId, at: new Date(minute * 60_000 + index) })));
const peopleIn = (list: readonly { memberId: string }[]) => new Set(list.map(({ memberId }) => memberId)).size;

describe("whole blocks", () => {
  test("each holds five people, in order, and only the end is left out", () => {
    fc.assert(
      fc.property(acts, (all) => {
        const blocks = wholeBlocks(all);
        for (const block of blocks) expect(peopleIn(block)).toBe(5);
        const sorted = all.toSorted((a, b) => a.at.getTime() - b.at.getTime());
        const counted = blocks.flat();
        expect(counted).toEqual(sorted.slice(0, counted.length));
        expect(peopleIn(sorted.slice(counted.length))).toBeLessThan(5);
      }),
    );
  });

  test("whatever two ranges and moments are compared, the difference is of five people or of nobody", () => {
    fc.assert(
      fc.property(acts, fc.nat(5_000), fc.nat(5_000), fc.nat(120), (all, from, other, later) => {
        const sorted = all.toSorted((a, b) => a.at.getTime() - b.at.getTime());
        const [a, b] = [
          countable(sorted, new Date(from * 60_000)),
          countable(sorted.slice(0, later), new Date(other * 60_000)),
        ];
        const only = (these: readonly object[], those: readonly object[]) =>
          these.filter((one) => !those.includes(one));
        const people = [only(a, b), only(b, a)].map((difference) => peopleIn(difference as { memberId: string }[]));
        expect(people.every((n) => n === 0 || n >= 5)).toBe(true);
      }),
    );
  });
});

const review = (over: Partial<Review>): Review => ({
  approvalId: "00000000-0000-7000-8000-000000000001",
  memberId: "00000000-0000-7000-8000-000000000002" as Review["memberId"],
  agent: "mailer",
  tool: "send",
  rule: "tools.allowed[1]",
  band: "low",
  verdict: "approve",
  at: new Date(0),
  askedAt: new Date(0),
  lookSeconds: null,
  size: null,
  ran: true,
  regretted: false,
  ...over,
});
const times = (n: number, over: Partial<Review>) => Array.from({ length: n }, () => review(over));

describe("a rule that need not ask", () => {
  test("has at least 97 of 100 answers yes and nothing regretted", () => {
    expect(needlessRules(times(99, {}))).toEqual([]);
    expect(needlessRules(times(100, {}))).toMatchObject([{ agent: "mailer", rule: "tools.allowed[1]" }]);
    expect(needlessRules([...times(97, {}), ...times(3, { verdict: "deny" })])).toHaveLength(1);
    expect(needlessRules([...times(96, {}), ...times(4, { verdict: "deny" })])).toEqual([]);
    expect(needlessRules([...times(150, {}), review({ regretted: true })])).toEqual([]);
    expect(needlessRules(times(100, { rule: null }))).toEqual([]);
  });
});

describe("calibration", () => {
  test("two misses in the last twenty take a second reviewer, older ones do not", () => {
    const caught = (n: number) => Array.from({ length: n }, () => "caught" as const);
    expect(needsSecondReviewer([...caught(10), "missed"])).toBe(false);
    expect(needsSecondReviewer(["missed", ...caught(18), "missed"])).toBe(true);
    expect(needsSecondReviewer(["missed", ...caught(19), "missed"])).toBe(false);
  });

  test("the next item is half to one and a half of the distance away", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 500 }), fc.nat(255), (oneIn, byte) => {
        const distance = distanceAfter(oneIn, byte);
        expect(distance).toBeGreaterThanOrEqual(Math.floor(oneIn * 0.5));
        expect(distance).toBeLessThanOrEqual(Math.ceil(oneIn * 1.5));
      }),
    );
  });

  test("the cue says what the diff shows and what people said", () => {
    const facts = { state: "denied", note: null, regretNote: null, regretCause: null, mismatch: null };
    expect(cueOf({ ...facts, mismatch: { selected: 214, outside: 183 }, note: " wrong rows " })).toEqual({
      ended: "denied",
      cue: "183 of 214 rows did not match what was asked for. “wrong rows”",
    });
    expect(cueOf({ ...facts, state: "consumed", regretCause: "rolled_back" })).toEqual({
      ended: "regretted",
      cue: "it was approved and had to be rolled back",
    });
    expect(cueOf(facts).cue).toBe("Whoever decided it gave no reason");
  });

  test("a round is passed by refusing all that is wrong and at most one that is right", () => {
    const items = [true, false, true, false, true].map((wrong) => ({ id: "x", wrong }));
    const passed = (...answers: ("approve" | "deny")[]) => burstPassed({ items, answers });
    expect(passed("deny", "approve", "deny", "approve")).toBeNull();
    expect(passed("deny", "approve", "deny", "approve", "deny")).toBe(true);
    expect(passed("deny", "deny", "deny", "approve", "deny")).toBe(true);
    expect(passed("deny", "deny", "deny", "deny", "deny")).toBe(false);
    expect(passed("approve", "approve", "deny", "approve", "deny")).toBe(false);
  });
});

describe("words", () => {
  test("nothing under twenty is called a rate", () => {
    expect(shareText(wilson(7, 7))).toBe("too few (7)");
    expect(shareText(wilson(0, 0))).toBe("nothing yet");
    expect(shareText(wilson(19, 20))).toBe("95.0 % (76.4 to 99.1 %), n = 20");
  });

  test.each([
    [8.4, "8 s"],
    [125, "2 min 5 s"],
    [6_000, "1 h 40 min"],
    [266_400, "3 d 2 h"],
    [7_200, "2 h"],
  ])("%f seconds are %s", (seconds, expected) => {
    expect(durationText(seconds)).toBe(expected);
  });

  test("agreement has the words of Landis and Koch", () => {
    expect([-0.1, 0.1, 0.3, 0.5, 0.7, 0.9].map(agreementText)).toEqual([
      "less than chance",
      "slight",
      "fair",
      "moderate",
      "substantial",
      "almost perfect",
    ]);
  });
});
