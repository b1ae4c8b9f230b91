import { type CheckName, CHECKS, type CheckResult, type Reason, type Verdict } from "@/lib/core/decisions/schema";

type Decided = {
  readonly verdict: Verdict;
  readonly rule: string | null;
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckResult[];
};

/** The checks as the decision ended, and reasons that belong to none of them. */
export type CommittedChecks = { readonly checks: readonly CheckResult[]; readonly besides: readonly Reason[] };

/** What the commit counts itself, on the locked rows, by where its reasons point. */
const COUNTED = /^(?:\/guardrails)?\/(execution|sequences)(?:\/|$)/;
/** What the engine says of what it leaves to the commit. */
const LEFT_TO_COMMIT = new Set(["run_not_known", "counts_not_known"]);

/**
 * Gives each reason that was found only when the decision was recorded to the check it is of.
 *
 * The engine's own results of that check say nothing against the call, because it could not count; shown as they are they
 * would deny what settled the answer.
 */
export function committedChecks({ verdict, rule, reasons, checks }: Decided): CommittedChecks {
  const known = new Set(checks.flatMap((check) => check.reasons.map(nameOf)));
  const late = reasons.filter((reason) => !known.has(nameOf(reason)));
  const lateOf = (name: CheckName | null) => late.filter((reason) => checkOf(reason) === name);
  const ofCommit = (name: CheckName): readonly CheckResult[] => {
    const before = checks.find(({ check }) => check === name);
    const mine = lateOf(name);
    if (mine.length === 0) return before ? [before] : [];
    const kept = before?.reasons.filter(({ code }) => !LEFT_TO_COMMIT.has(code)) ?? [];
    return [{ check: name, verdict, rule: settles(rule, mine) ? rule : null, reasons: [...mine, ...kept] }];
  };
  return { checks: CHECKS.flatMap(ofCommit), besides: lateOf(null) };
}

const nameOf = ({ code, path }: Reason): string => `${code} ${path}`;

function checkOf({ path }: Reason): CheckName | null {
  const place = COUNTED.exec(path)?.[1];
  if (place === undefined) return null;
  return place === "sequences" ? "sequences" : "bounds";
}

/** Whether the rule, `sequences[0]`, is the place one of the reasons points to, `/sequences/0`. */
function settles(rule: string | null, reasons: readonly Reason[]): boolean {
  const place = rule === null ? null : `/${rule.replaceAll("[", "/").replaceAll("]", "").replaceAll(".", "/")}`;
  return reasons.some(({ path }) => place === path);
}
