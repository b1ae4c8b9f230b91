import { describe, expect, test } from "vitest";

import { applyBounds, checkBounds, FIRST_CALL } from "./bounds";
import type { RunFacts } from "./schema";

const bounds = { maxSteps: 20, maxWallClockSeconds: 90, maxCostMicros: 1_500_000 };
const codeOf = (run: Partial<RunFacts>, reserveMicros = 0) => {
  const verdict = applyBounds({ bounds, reserveMicros }, { ...FIRST_CALL, ...run });
  return verdict.halt ? verdict.reason.code : null;
};

describe("applyBounds (T42, T44)", () => {
  test.each<[Partial<RunFacts>, number, string | null]>([
    [{}, 0, null],
    [{ steps: 19 }, 0, null],
    [{ steps: 20 }, 0, "max_steps"],
    [{ elapsedSeconds: 90 }, 0, null],
    [{ elapsedSeconds: 90.5 }, 0, "max_wall_clock_seconds"],
    [{ costMicros: 1_499_999 }, 1, null],
    [{ costMicros: 1_500_000 }, 1, "max_cost_usd"],
    [{ costMicros: 1_499_999 }, 0, null],
    [{ costMicros: 1_500_000 }, 0, "max_cost_usd"],
    [{}, 1_500_000, null],
    [{}, 1_500_001, "max_cost_usd"],
    [{ state: "halted" }, 0, "run_halted"],
    [{ state: "halted", steps: 99 }, 0, "run_halted"],
    [{ steps: 20, elapsedSeconds: 91, costMicros: 2_000_000 }, 0, "max_steps"],
    [{ steps: Number.NaN }, 0, "max_steps"],
    [{ costMicros: Number.NaN }, 5, "max_cost_usd"],
    [{ refusals: 99 }, 0, null],
  ])("a run at %j that holds %d more: %s", (run, reserveMicros, code) => {
    expect(codeOf(run, reserveMicros)).toBe(code);
  });

  test("a budget of nothing halts at once", () => {
    const nothing = { ...bounds, maxCostMicros: 0 };

    expect(applyBounds({ bounds: nothing, reserveMicros: 0 }, FIRST_CALL).halt).toBe(true);
  });

  test("no bounds, no halt, unless the run was halted", () => {
    const none = { maxSteps: null, maxWallClockSeconds: null, maxCostMicros: null };
    const long = { ...FIRST_CALL, steps: 1e6, elapsedSeconds: 1e6, costMicros: 1e12 };

    expect(applyBounds({ bounds: none, reserveMicros: 1e12 }, long).halt).toBe(false);
    expect(applyBounds({ bounds: none, reserveMicros: 0 }, { ...long, state: "halted" }).halt).toBe(true);
  });
});

test("a run that is not known is left to the commit, and the check says so", () => {
  expect(checkBounds(bounds, 0, null)).toMatchObject({ verdict: "allow", reasons: [{ code: "run_not_known" }] });
  expect(checkBounds(bounds, 2_000_000, null)).toMatchObject({ verdict: "halt", rule: "execution.max_cost_usd" });
});
