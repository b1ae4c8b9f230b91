import "server-only";

import { Display } from "@/lib/core/approvals/display";
import { effectView } from "@/lib/core/approvals/effect";
import { type CalibrationFeedback, cueOf } from "@/lib/core/reviewers/calibration";
import type { CalibrationRecord } from "@/lib/data/calibration";

/** What an answered item is explained with; null while nobody has answered it, or once its source is erased. */
export function feedbackOf(item: string, found: CalibrationRecord): CalibrationFeedback | null {
  const { result, verdict, agent, sourceId, sourceAt } = found;
  if (result === null || verdict === null || found.erased) return null;
  const facts = {
    state: found.sourceState,
    note: found.sourceNote,
    regretNote: found.regretNote,
    regretCause: found.regretCause,
    mismatch: mismatchIn(found.display),
  };
  return { item, result, verdict, agent, at: sourceAt, sourceId, ...cueOf(facts) };
}

/** What our own diff says of an action, where it says anything. */
export function mismatchIn(stored: unknown) {
  const display = Display.safeParse(stored);
  const mismatch = display.success ? effectView(display.data).mismatch : null;
  return mismatch === null || !mismatch.outside ? null : { selected: mismatch.touched, outside: mismatch.outside };
}
