import "server-only";

import { hoursToRecount, type Reach, reachOf } from "@/lib/core/objectives/hours";
import type { Objective } from "@/lib/core/objectives/schema";
import { markObjectives, refreshObjectiveHours } from "@/lib/data/objective-hours";
import { listObjectives } from "@/lib/data/objectives";
import { findSettings } from "@/lib/data/workspaces";

import type { ServiceContext } from "../context";

/** Of how many objectives all that a window reaches is counted in one round; the others have their turn in the next. */
const MOST_WHOLE = 40;

/** Brings what is counted of objectives up to date. Counting again changes nothing, so two workers at once do no harm. */
export async function countObjectives(
  ctx: ServiceContext,
  { only, signal }: { readonly only?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const all = await listObjectives(ctx.db, ctx.workspaceId);
  const asked = all.filter(({ id }) => only === undefined || id === only);
  if (asked.length === 0) return;
  const { event_days: keptDays } = await findSettings(ctx.db, ctx.workspaceId);
  for (const { ids, reach, isDone } of turnsOf(asked, ctx.now)) {
    for (const range of hoursToRecount(ctx.now, reach, keptDays)) {
      if (signal?.aborted) return;
      await refreshObjectiveHours(ctx.db, ctx.workspaceId, ids, range);
    }
    if (isDone) await markObjectives(ctx.db, ctx.workspaceId, ids, ctx.now);
  }
}

type Turn = { readonly ids: readonly string[]; readonly reach: Reach; readonly isDone: boolean };

/** Objectives that are counted as far back are counted together, those soonest done first. */
function turnsOf(objectives: readonly Objective[], now: Date): readonly Turn[] {
  const reaching = (reach: Reach) =>
    objectives.filter((one) => reachOf(now, one.counted_at) === reach).map(({ id }) => id);
  const whole = reaching("whole");
  const turns: readonly Turn[] = [
    { ids: reaching("hours"), reach: "hours", isDone: true },
    { ids: reaching("day"), reach: "day", isDone: true },
    { ids: whole.slice(MOST_WHOLE), reach: "day", isDone: false },
    { ids: whole.slice(0, MOST_WHOLE), reach: "whole", isDone: true },
  ];
  return turns.filter(({ ids }) => ids.length > 0);
}
