import { describe, expect, test } from "vitest";

import { NO_FACTS, type PeopleFacts } from "@/lib/core/people/independence";

import { giveConsent, NOTHING_EXTRA } from "./consent";

const sides = (...names: string[]) => names.map((memberId) => ({ memberId, answersFor: [memberId] }));
const [ada, ben, cas, dri] = ["ada", "ben", "cas", "dri"];
const more = { steps: 5, seconds: 0, costMicros: 0 };
const asked = (change: Partial<Parameters<typeof giveConsent>[0]> = {}) =>
  giveConsent({
    scope: "run",
    by: ada,
    allowance: NOTHING_EXTRA,
    given: [],
    operators: sides(ada, ben, cas, dri),
    dris: [dri],
    people: NO_FACTS,
    ...change,
  });
const gave = (memberId: string, allowance = NOTHING_EXTRA) => ({ memberId, allowance });

describe("giveConsent", () => {
  test("the first consent ends nothing, the second of another person does", () => {
    expect(asked()).toEqual({ ok: true, ends: false });
    expect(asked({ given: [gave(ben)] })).toEqual({ ok: true, ends: true });
  });

  test("the same person twice is one person", () => {
    expect(asked({ given: [gave(ada)] })).toEqual({ ok: false, why: "already_consented" });
  });

  test("whoever answers for the agent does not count, neither first nor second", () => {
    expect(asked({ by: dri })).toEqual({ ok: false, why: "own_agent" });
    expect(asked({ given: [gave(dri)] })).toEqual({ ok: true, ends: false });
  });

  test("a person who may no longer resume does not count", () => {
    expect(asked({ given: [gave(ben)], operators: sides(ada, cas) })).toEqual({ ok: true, ends: false });
    expect(asked({ operators: sides(ben, cas) })).toEqual({ ok: false, why: "role_missing" });
  });

  test("people-2 whom one person invited is no second, and either of them is beside somebody else", () => {
    const until = new Date("2026-04-13T12:00:00Z");
    const people: PeopleFacts = {
      ...NO_FACTS,
      names: new Map([
        [ada, "Ada"],
        [ben, "Ben"],
      ]),
      coolingOffHours: 72,
      ties: [{ memberId: ben, byId: ada, kind: "invitation", until }],
    };
    expect(asked({ people, given: [gave(ben)] })).toMatchObject({ ok: false, why: "not_independent" });
    expect(asked({ people, given: [gave(ben), gave(cas)] })).toEqual({ ok: true, ends: true });
    expect(asked({ people, by: cas, given: [gave(ben)] })).toEqual({ ok: true, ends: true });
  });

  test("another account of the first, and whoever stands in for the DRI, is nobody's second", () => {
    const people = { ...NO_FACTS, persons: new Map([[ben, ada]]) };
    expect(asked({ people, given: [gave(ben)] })).toMatchObject({ why: "not_independent" });
    const standsIn = [...sides(ada, cas), { memberId: ben, answersFor: [ben, dri] }];
    expect(asked({ operators: standsIn, by: ben })).toEqual({ ok: false, why: "own_agent" });
  });

  test("nobody resumes alone where there is nobody else, the DRI not counted", () => {
    expect(asked({ operators: sides(ada, dri) })).toEqual({ ok: false, why: "second_operator_needed" });
  });

  test("both name the same allowance; who named another may name it anew", () => {
    expect(asked({ given: [gave(ben, more)] })).toEqual({ ok: false, why: "allowance_differs" });
    expect(asked({ given: [gave(ben, more)], allowance: more })).toEqual({ ok: true, ends: true });
    expect(asked({ given: [gave(ada, more)] })).toEqual({ ok: true, ends: false });
    expect(asked({ scope: "workspace", dris: [], allowance: more })).toMatchObject({ why: "allowance_without_run" });
  });
});
