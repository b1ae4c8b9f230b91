import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { UNBOUNDED } from "@/lib/core/manifests/compile";
import { SECONDS, standingDependency } from "@/lib/testing/standing";

import { applyBounds, FIRST_CALL } from "./bounds";
import { dependencyFacts, takeDependencyTrial } from "./dependency";
import { NO_RESERVES } from "./reserve";
import type { DependencyFacts, RunBounds, RunFacts } from "./schema";
import { StoredRunFacts } from "./stored-facts";

const NAME = "stripe.com";
const down: DependencyFacts = {
  name: NAME,
  failures: 10,
  agents: 7,
  secondsSince: 18,
  trialSecondsAgo: null,
  opensAt: 10,
  coolDownSeconds: 60,
};
const answer = (dependency: RunFacts["dependency"], bounds: RunBounds = UNBOUNDED, run: Partial<RunFacts> = {}) =>
  applyBounds({ bounds, reserves: NO_RESERVES, isSingleUse: false }, { ...FIRST_CALL, ...run, dependency });

describe("a call whose tool depends on a system", () => {
  test.each<[string, Partial<DependencyFacts>, number | null]>([
    ["failed less often than the workspace says", { failures: 9, secondsSince: 0 }, null],
    ["failed as often for one agent alone", { agents: 1, failures: 400, secondsSince: 0 }, null],
    ["failed as often", {}, 42],
    ["failed more often", { failures: 400, secondsSince: 0 }, 60],
    ["is about to have cooled down", { secondsSince: 59 }, 1],
    ["has cooled down", { secondsSince: 60 }, null],
    ["is being tried", { secondsSince: 90, trialSecondsAgo: 20 }, 40],
    ["was tried, and nobody said how it went", { secondsSince: 90, trialSecondsAgo: 60 }, null],
    ["would open at any number", { opensAt: Number.NaN, secondsSince: 0 }, 60],
  ])("that %s: %j waits %s s", (_name, changes, seconds) => {
    const found = answer({ ...down, ...changes });
    if (seconds === null) return expect(found).toEqual({ verdict: "allow" });
    expect(found).toMatchObject({
      verdict: "deny",
      rule: "workspace.dependency_breaker",
      reason: { code: "dependency_breaker", path: "", retry_after_seconds: seconds },
    });
  });

  test.each<[Partial<DependencyFacts>, string]>([
    [{}, "stripe.com failed 10 times in a row across 7 agents' calls. It may be tried again in 42 s."],
    [{ agents: 2 }, "stripe.com failed 10 times in a row across 2 agents' calls. It may be tried again in 42 s."],
    [
      { failures: 120, agents: 100 },
      "stripe.com failed 120 times in a row across the calls of 100 agents or more. It may be tried again in 42 s.",
    ],
    [
      { secondsSince: 70, trialSecondsAgo: 5 },
      "stripe.com failed 10 times in a row across 7 agents' calls. One trial call is under way; wait for its outcome.",
    ],
  ])("is told what is known: %j", (changes, message) => {
    expect(answer({ ...down, ...changes })).toMatchObject({ reason: { message } });
  });

  test.each([
    ["failures", 10],
    ["agents", 10],
    ["secondsSince", 90],
    ["trialSecondsAgo", 90],
    ["coolDownSeconds", 90],
  ] as const)("is refused when %s is no number", (field, secondsSince) => {
    const found = answer({ ...down, secondsSince, [field]: Number.NaN });
    expect(found).toMatchObject({ verdict: "deny", reason: { code: "dependency_breaker" } });
  });

  test("is told of a bound of its own first, and of a halt before either", () => {
    const bounds = { ...UNBOUNDED, breaker: { failures: 5, coolDownSeconds: 60 }, maxSteps: 3 };
    const own = { failures: 5, secondsSince: 10, isTrialOut: false };
    expect(answer(down, bounds, { breaker: own })).toMatchObject({
      reason: { code: "circuit_breaker", retry_after_seconds: 50 },
    });
    expect(answer(down, bounds, { steps: 3 })).toMatchObject({ verdict: "halt", reason: { code: "max_steps" } });
  });

  test("is refused exactly while it is down, and is the trial exactly when it may be tried", () => {
    const anyFacts = fc.record({
      failures: fc.integer({ min: 1, max: 30 }),
      agents: fc.integer({ min: 1, max: 100 }),
      failedAt: fc.integer({ min: 0, max: 200 }).map((ago) => SECONDS - ago),
      trialAt: fc.option(fc.integer({ min: 0, max: 200 }).map((ago) => SECONDS - ago)),
      opensAt: fc.integer({ min: 3, max: 20 }),
      coolDownSeconds: fc.integer({ min: 5, max: 100 }),
    });
    fc.assert(
      fc.property(anyFacts, (standing) => {
        const batch = { seconds: SECONDS, dependencies: new Map([[NAME, { ...standing }]]) };
        const facts = dependencyFacts(NAME, batch)?.dependency;
        const isOpen = standing.failures >= standing.opensAt && standing.agents > 1;
        const isFree = (at: number | null) => at === null || SECONDS - at >= standing.coolDownSeconds;
        const mayTry = isFree(standing.failedAt) && isFree(standing.trialAt);
        expect(answer(facts).verdict).toBe(isOpen && !mayTry ? "deny" : "allow");
        expect(takeDependencyTrial(facts, batch)).toBe(isOpen && mayTry ? NAME : null);
        // Whoever comes next waits for the one who tries.
        const next = answer(dependencyFacts(NAME, batch)?.dependency).verdict;
        expect(next).toBe(isOpen ? "deny" : "allow");
      }),
    );
  });
});

test("a tool without a system, or one whose system did not fail, has the facts it had before there were breakers", () => {
  const batch = { seconds: SECONDS, dependencies: new Map([["other", standingDependency()]]) };
  expect([dependencyFacts(null, batch), dependencyFacts(NAME, batch)]).toEqual([undefined, undefined]);
  expect(takeDependencyTrial(undefined, batch)).toBeNull();
  expect(StoredRunFacts.parse(FIRST_CALL)).not.toHaveProperty("dependency");
  expect(StoredRunFacts.parse({ ...FIRST_CALL, dependency: down })).toMatchObject({ dependency: down });
});
