import { errorBurn, tallyOver } from "@/lib/core/alerts/error-budget";
import { DAY_MS, HOUR_MS } from "@/lib/core/shared/time";

import { windowOf } from "./hours";
import type { Objective } from "./schema";
import { type Stand, standOf, sumTallies, type Tally } from "./stand";

/** How fast an error budget goes over some hours, in multiples of the pace that lasts its window. */
export type ShownBurn = {
  readonly hours: number;
  readonly bad: number;
  readonly n: number;
  readonly rate: number | null;
};

/** A day of an objective's window. */
export type ObjectiveDay = Tally & { readonly day: string };

/** An objective as it stands now. */
export type ShownObjective = Objective & {
  readonly stand: Stand;
  readonly from: Date;
  readonly to: Date;
  readonly burns: readonly ShownBurn[];
  /** Every day of the window, the first one first. */
  readonly by_day: readonly ObjectiveDay[];
};

/** Over how many hours the burn is shown: the long windows of the rules. */
const BURN_HOURS = [6, 24, 72] as const;
/** As far back as burn is read. */
export const MOST_BURN_HOURS = Math.max(...BURN_HOURS);

type Counted = { readonly days: ReadonlyMap<number, Tally>; readonly hours: ReadonlyMap<number, Tally> };

/** Makes an objective's standing of what was counted, by the number of the hour or of a day's first hour. */
export function showObjective(objective: Objective, { days, hours }: Counted, now: Date): ShownObjective {
  const { from, to } = windowOf(objective.days, now);
  const by_day = Array.from({ length: objective.days }, (_, at) => {
    const start = from.getTime() + at * DAY_MS;
    const tally = days.get(start / HOUR_MS) ?? { good: 0, total: 0 };
    return { day: new Date(start).toISOString().slice(0, "2026-11-30".length), ...tally };
  });
  const burns = BURN_HOURS.map((length) => {
    const tally = tallyOver(hours, length * HOUR_MS, now);
    return {
      hours: length,
      bad: tally.total - tally.good,
      n: tally.total,
      rate: errorBurn(tally, objective.target_bp),
    };
  });
  return { ...objective, stand: standOf(objective.target_bp, sumTallies(by_day)), from, to, burns, by_day };
}
