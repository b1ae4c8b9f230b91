import { CHECKS, type CheckName, type CheckResult, type Reason, type Verdict } from "./schema";

/** Nothing found: shared, so that a check that passes allocates nothing. */
export const NO_REASONS: readonly Reason[] = Object.freeze([]);

/** The result of a check that found nothing. */
export const PASS = passes();

function passes(): Readonly<Record<CheckName, CheckResult>> {
  const results = CHECKS.map(
    (check) => [check, frozenResult({ check, verdict: "allow", rule: null, reasons: [] })] as const,
  );
  return Object.freeze(Object.fromEntries(results) as Record<CheckName, CheckResult>); // fromEntries forgets its keys
}

/** A result for one reason. */
export function finding(check: CheckName, verdict: Verdict, rule: string | null, reason: Reason): CheckResult {
  return { check, verdict, rule, reasons: [reason] };
}

/** A result made once and shared by every decision that needs it. */
export function frozenResult(result: CheckResult): CheckResult {
  for (const reason of result.reasons) Object.freeze(reason);
  Object.freeze(result.reasons);
  return Object.freeze(result);
}
