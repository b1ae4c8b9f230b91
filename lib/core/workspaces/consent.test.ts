import { describe, expect, test } from "vitest";

import { giveConsent, NOTHING_EXTRA } from "./consent";

const [ada, ben, cas, dri] = ["ada", "ben", "cas", "dri"];
const more = { steps: 5, seconds: 0, costMicros: 0 };
const asked = (change: Partial<Parameters<typeof giveConsent>[0]> = {}) =>
  giveConsent({
    scope: "run",
    by: ada,
    allowance: NOTHING_EXTRA,
    given: [],
    operators: new Set([ada, ben, cas, dri]),
    driId: dri,
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
    expect(asked({ given: [gave(ben)], operators: new Set([ada, cas]) })).toEqual({ ok: true, ends: false });
    expect(asked({ operators: new Set([ben, cas]) })).toEqual({ ok: false, why: "role_missing" });
  });

  test("nobody resumes alone where there is nobody else, the DRI not counted", () => {
    expect(asked({ operators: new Set([ada, dri]) })).toEqual({ ok: false, why: "second_operator_needed" });
  });

  test("both name the same allowance; who named another may name it anew", () => {
    expect(asked({ given: [gave(ben, more)] })).toEqual({ ok: false, why: "allowance_differs" });
    expect(asked({ given: [gave(ben, more)], allowance: more })).toEqual({ ok: true, ends: true });
    expect(asked({ given: [gave(ada, more)] })).toEqual({ ok: true, ends: false });
    expect(asked({ scope: "workspace", driId: null, allowance: more })).toMatchObject({ why: "allowance_without_run" });
  });
});
