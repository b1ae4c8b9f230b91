import fc from "fast-check";
import { expect, test } from "vitest";

import { type RouteFacts, routeOf } from "./route";

const start = new Date("2026-07-01T12:00:00Z");
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000);
const facts: RouteFacts = {
  createdAt: start,
  expiresAt: after(400),
  owners: ["dri", "product"],
  eligible: new Set(["product", "mara", "noor"]),
  onCall: "mara",
  admins: ["root"],
  claimed: false,
};

test("owners first, then whoever is on call, then everybody who may answer and the administrators", () => {
  expect(routeOf(facts, after(0))).toEqual({ step: "owners", tell: ["dri", "product"] });
  expect(routeOf(facts, after(100))).toEqual({ step: "on_call", tell: ["dri", "product", "mara"] });
  expect(routeOf(facts, after(199)).step).toBe("on_call");
  expect(routeOf(facts, after(200))).toEqual({ step: "escalated", tell: ["dri", "product", "mara", "noor", "root"] });
});

test("where no owner may answer, whoever is on call hears at once; where nobody is, everybody who may answer", () => {
  const alone = { ...facts, owners: ["dri"] };
  expect(routeOf(alone, after(0)).tell).toEqual(["dri", "mara"]);
  expect(routeOf({ ...alone, onCall: null }, after(0)).tell).toEqual(["dri", "product", "mara", "noor"]);
  expect(routeOf({ ...alone, onCall: "gone" }, after(0)).tell).toEqual(["dri", "product", "mara", "noor"]);
});

test("people who have taken it silence the rest, but not the escalation", () => {
  const claimed = { ...facts, claimed: true };
  expect(routeOf(claimed, after(150)).tell).toEqual([]);
  expect(routeOf(claimed, after(250)).step).toBe("escalated");
});

test("as time goes on nobody is told less, and from the start somebody who may answer is, if there is anybody", () => {
  const person: fc.Arbitrary<string> = fc.constantFrom("a", "b", "c", "d", "e");
  fc.assert(
    fc.property(
      fc.record({
        owners: fc.uniqueArray(person),
        eligible: fc.uniqueArray(person).map((ids) => new Set(ids)),
        onCall: fc.option(person),
        admins: fc.uniqueArray(person),
      }),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 400 }),
      (given, one, other) => {
        const all = { ...facts, ...given };
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        const before = routeOf(all, after(early)).tell;
        expect(routeOf(all, after(late)).tell).toEqual(expect.arrayContaining([...before]));
        if (given.eligible.size > 0) expect(before.some((id) => given.eligible.has(id))).toBe(true);
      },
    ),
  );
});
