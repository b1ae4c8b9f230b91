import { usdOfPico } from "@/lib/core/shared/money";

import type { OwnerWeek } from "./review";

/** A week as the rows of a file, its head first: one row an agent. */
export function weekCells(owners: readonly OwnerWeek[]): readonly (readonly (string | number)[])[] {
  const head = [
    "owner",
    "agent",
    "level",
    "cost, USD",
    "cost before, USD",
    "runs",
    "runs before",
    "calls without a price",
    "alerts fired",
    "acted on",
    "dismissed",
    "objectives met",
    "missed",
    "too few to judge",
    "moved",
    "due now",
  ];
  const rows = owners.flatMap(({ owner, agents }) =>
    agents.map(({ agent, level, cost, runs, unpriced, alerts, objectives, moved, due }) => {
      const of = (state: string) => objectives.filter(({ stand }) => stand.state === state).length;
      return [
        owner.name,
        agent,
        level,
        usdOfPico(BigInt(cost.now)),
        usdOfPico(BigInt(cost.before)),
        Number(runs.now),
        Number(runs.before),
        Number(unpriced),
        alerts.fired,
        alerts.actedOn,
        alerts.dismissed,
        of("met"),
        of("missed"),
        of("too_few"),
        moved.map(({ text }) => text).join("; "),
        due.map(({ text }) => text).join("; "),
      ];
    }),
  );
  return [head, ...rows];
}
