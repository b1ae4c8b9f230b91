import { CHECKS, type CheckResult, stricter } from "@/lib/core/decisions/schema";

/** What the engine says of what it leaves to the commit, which counts on the locked rows. */
const LEFT_TO_COMMIT = new Set(["run_not_known", "counts_not_known"]);

/**
 * One result a check, in the order of the checks.
 *
 * The commit writes down what it found itself as a second result of the same check, after the engine's, which could not
 * count and had nothing against the call. Shown alone the first would deny what settled the answer.
 */
export function combineChecks(checks: readonly CheckResult[]): readonly CheckResult[] {
  return CHECKS.flatMap((name) => {
    const results = checks.filter(({ check }) => check === name);
    return results.length < 2 ? results : [results.reduce(combined)];
  });
}

function combined(before: CheckResult, after: CheckResult): CheckResult {
  const verdict = stricter(after.verdict, before.verdict);
  const kept = before.reasons.filter(({ code }) => !LEFT_TO_COMMIT.has(code));
  return {
    check: after.check,
    verdict,
    rule: (verdict === after.verdict ? after.rule : null) ?? before.rule,
    reasons: [...after.reasons, ...kept],
  };
}
