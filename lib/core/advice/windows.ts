import { QUARTER_MS } from "@/lib/core/figures/range";
import { DAY_MS } from "@/lib/core/shared/time";

import type { Window } from "./schema";

const WEEK_MS = 7 * DAY_MS;

/** The days that advice looks at: two weeks, and the latter of them against the one before. */
export type Windows = { readonly all: Window; readonly now: Window; readonly before: Window };

/** The windows that end with the quarter of an hour that is going on. */
export function windowsAt(at: Date): Windows {
  const to = new Date((Math.floor(at.getTime() / QUARTER_MS) + 1) * QUARTER_MS);
  const between = new Date(to.getTime() - WEEK_MS);
  const from = new Date(to.getTime() - 2 * WEEK_MS);
  return { all: { from, to }, now: { from: between, to }, before: { from, to: between } };
}
