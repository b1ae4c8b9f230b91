import { describe, expect, test } from "vitest";

import { UNBOUNDED } from "@/lib/core/manifests/compile";

import { applyBounds, checkBounds, FIRST_CALL } from "./bounds";
import { NO_RESERVES } from "./reserve";
import type { Reserves, RunFacts } from "./schema";

const bounds = { ...UNBOUNDED, maxSteps: 20, maxWallClockSeconds: 90, maxCostMicros: 1_500_000 };
const holding = (micros: number, tokens = 0): Reserves => ({
  cost: { amount: micros, by: "estimate" },
  tokens: { amount: tokens, by: "estimate" },
});
const codeOf = (run: Partial<RunFacts>, reserveMicros = 0) => {
  const found = applyBounds({ ...asked, reserves: holding(reserveMicros) }, { ...FIRST_CALL, ...run });
  return found.verdict === "halt" ? found.reason.code : null;
};

const asked = { bounds, reserves: NO_RESERVES, isSingleUse: false };

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

    expect(applyBounds({ ...asked, bounds: nothing }, FIRST_CALL).verdict).toBe("halt");
  });

  const guarded = {
    ...UNBOUNDED,
    maxRetries: 3,
    loopRepeats: 10,
    breaker: { failures: 5, coolDownSeconds: 60 },
    dailyCostMicros: 1_000_000,
    dailyTokens: 1_000,
  };
  const open = { failures: 5, secondsSince: 59, isTrialOut: false };
  test.each<[Partial<RunFacts>, { reserveMicros?: number; reserveTokens?: number }, string]>([
    [{ sameCalls: 9 }, {}, "allow"],
    [{ sameCalls: 10 }, {}, "halt loop"],
    [{ failures: 3 }, {}, "allow"],
    [{ failures: 4 }, {}, "deny max_retries_per_action"],
    [{ breaker: { ...open, failures: 4 } }, {}, "allow"],
    [{ breaker: open }, {}, "deny circuit_breaker"],
    [{ breaker: { ...open, secondsSince: 60 } }, {}, "allow"],
    [{ breaker: { ...open, secondsSince: 60, isTrialOut: true } }, {}, "deny circuit_breaker"],
    [{ dayCostMicros: 999_999 }, {}, "allow"],
    [{ dayCostMicros: 999_999 }, { reserveMicros: 1 }, "allow"],
    [{ dayCostMicros: 999_999 }, { reserveMicros: 2 }, "halt daily_cost_usd"],
    [{ dayTokens: 1_000 }, {}, "halt daily_tokens"],
    [{ dayTokens: 900 }, { reserveTokens: 101 }, "halt daily_tokens"],
    [{ sameCalls: 10, failures: 9, breaker: open }, {}, "halt loop"],
    [{ failures: Number.NaN }, {}, "deny max_retries_per_action"],
  ])("a call at %j that holds %j: %s", (run, { reserveMicros, reserveTokens }, wanted) => {
    const reserves = holding(reserveMicros ?? 0, reserveTokens);
    const found = applyBounds({ ...asked, bounds: guarded, reserves }, { ...FIRST_CALL, ...run });
    expect(found.verdict === "allow" ? "allow" : `${found.verdict} ${found.reason.code}`).toBe(wanted);
  });

  test("what two people granted is added to the run's bounds", () => {
    expect(codeOf({ steps: 24, extraSteps: 5 })).toBeNull();
    expect(codeOf({ steps: 25, extraSteps: 5 })).toBe("max_steps");
  });

  test("no bounds, no halt, unless the run was halted", () => {
    const long = { ...FIRST_CALL, steps: 1e6, elapsedSeconds: 1e6, costMicros: 1e12 };

    expect(applyBounds({ ...asked, bounds: UNBOUNDED, reserves: holding(1e12) }, long).verdict).toBe("allow");
    expect(applyBounds({ ...asked, bounds: UNBOUNDED }, { ...long, state: "halted" }).verdict).toBe("halt");
  });
});

test("a run that is not known is left to the commit, and the check says so", () => {
  expect(checkBounds(asked, null)).toMatchObject({ verdict: "allow", reasons: [{ code: "run_not_known" }] });
  expect(checkBounds({ ...asked, reserves: holding(2_000_000) }, null)).toMatchObject({
    verdict: "halt",
    rule: "execution.max_cost_usd",
  });
});
