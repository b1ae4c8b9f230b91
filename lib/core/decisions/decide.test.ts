import { describe, expect, test } from "vitest";

import { goldenSuites } from "@/lib/testing/golden-cases";

import { decide } from "./decide";

describe.each(goldenSuites())("decide: $file", ({ compiled, cases }) => {
  test.each(cases)("$golden.name", ({ golden: { want }, call, facts }) => {
    const decision = decide(compiled, call, facts);
    const { verdict, rule, reasons, checks, risk, reserves, approval } = decision;

    expect({ verdict, reasons }).toMatchObject({ verdict: want.verdict });
    if (want.rule !== undefined) expect(rule).toBe(want.rule);
    if (want.codes) expect(reasons.map(({ code }) => code)).toEqual(want.codes);
    if (want.paths) expect(reasons.map(({ path }) => path)).toEqual(want.paths);
    if (want.message !== undefined) expect(reasons[0]?.message).toBe(want.message);
    if (want.notes)
      expect(checks.flatMap((check) => check.reasons.map(({ code }) => code))).toEqual(
        expect.arrayContaining(want.notes),
      );
    if (want.band !== undefined) expect(risk).toMatchObject({ band: want.band });
    if (want.factors) expect(risk.factors.map(({ why }) => why)).toEqual(expect.arrayContaining(want.factors));
    if (want.reserveMicros !== undefined) expect(reserves.cost.amount).toBe(want.reserveMicros);
    if (want.approval) expect(approval).toEqual(want.approval);
  });
});
