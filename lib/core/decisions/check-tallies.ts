import { frozenResult, PASS } from "./results";
import type { CheckResult, Facts, Reason, Tally } from "./schema";

/** With nothing known, the least that can have been counted is nothing; the commit counts under its locks. */
const LEFT_TO_COMMIT: CheckResult = frozenResult({
  check: "sequences",
  verdict: "allow",
  rule: null,
  reasons: [
    {
      code: "counts_not_known",
      message: "What this run, session and agent did before is counted when this decision is recorded.",
      path: "/sequences",
    },
  ],
});

/**
 * Check 9: what this run, session or agent already did. The strictest tally that is passed settles it; of two as strict,
 * the first. The commit calls it with its own counts.
 */
export function checkTallies(tallies: readonly Tally[], counted: Facts["tallies"]): CheckResult {
  if (tallies.length === 0) return PASS.sequences;
  let settling: Tally | null = null;
  const reasons: Reason[] = [];
  for (const tally of tallies) {
    if (!isOver(tally, counted === null ? 0 : (counted[tally.key] ?? Number.NaN))) continue;
    reasons.push(tally.reason);
    if (settling === null || (settling.verdict === "require_approval" && tally.verdict === "deny")) settling = tally;
  }
  if (settling === null) return counted === null ? LEFT_TO_COMMIT : PASS.sequences;
  return { check: "sequences", verdict: settling.verdict, rule: settling.rule, reasons };
}

/** Written so that a count that is not there, or is no number, is over. */
function isOver({ asks, most }: Tally, before: number): boolean {
  return most !== null && !(before + asks <= most);
}

/** Counts as a decision stores them, in the order of its tallies, as facts: what is counted may name a person, a place does not. */
export function countedBy(tallies: readonly Tally[], counts: readonly number[] | null): Facts["tallies"] {
  if (counts === null) return null;
  return Object.fromEntries(
    tallies.flatMap(({ key }, index) => (counts[index] === undefined ? [] : [[key, counts[index]]])),
  );
}
