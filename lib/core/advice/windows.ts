import { QUARTER_MS } from "@/lib/core/figures/range";
import { DAY_MS } from "@/lib/core/shared/time";

import type { Window } from "./schema";

const WEEK_MS = 7 * DAY_MS;

/**
 * The days that advice looks at: what events are kept of two weeks, and the latter week against the one before, which
 * rollups know however short events are kept.
 */
export type Windows = { readonly events: Window; readonly now: Window; readonly before: Window };

/** The windows that end with the quarter of an hour that is going on. @param keptDays for how long events are kept */
export function windowsAt(at: Date, keptDays: number): Windows {
  const to = new Date((Math.floor(at.getTime() / QUARTER_MS) + 1) * QUARTER_MS);
  const before = (ms: number) => new Date(to.getTime() - ms);
  return {
    events: { from: before(Math.min(2 * WEEK_MS, keptDays * DAY_MS)), to },
    now: { from: before(WEEK_MS), to },
    before: { from: before(2 * WEEK_MS), to: before(WEEK_MS) },
  };
}
