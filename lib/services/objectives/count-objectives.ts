import "server-only";

import { hoursToRecount } from "@/lib/core/objectives/hours";
import type { Objective } from "@/lib/core/objectives/schema";
import { markObjectives, refreshObjectiveHours } from "@/lib/data/objective-hours";
import { listObjectives } from "@/lib/data/objectives";
import { findSettings } from "@/lib/data/workspaces";

import type { ServiceContext } from "../context";

/** Brings what is counted of objectives up to date. Counting again changes nothing, so two workers at once do no harm. */
export async function countObjectives(
  ctx: ServiceContext,
  { only, signal }: { readonly only?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const objectives = (await listObjectives(ctx.db, ctx.workspaceId)).filter(
    ({ id }) => only === undefined || id === only,
  );
  if (objectives.length === 0) return;
  const { event_days: keptDays } = await findSettings(ctx.db, ctx.workspaceId);
  for (const { ids, countedAt } of alike(objectives)) {
    for (const range of hoursToRecount(ctx.now, countedAt, keptDays)) {
      if (signal?.aborted) return;
      await refreshObjectiveHours(ctx.db, ctx.workspaceId, ids, range);
    }
    await markObjectives(ctx.db, ctx.workspaceId, ids, ctx.now);
  }
}

/** Objectives that were counted at the same time are counted together. */
function alike(objectives: readonly Objective[]) {
  const groups = new Map<number | null, { readonly ids: string[]; readonly countedAt: Date | null }>();
  for (const { id, counted_at: countedAt } of objectives) {
    const key = countedAt?.getTime() ?? null;
    const group = groups.get(key) ?? { ids: [], countedAt };
    group.ids.push(id);
    groups.set(key, group);
  }
  return groups.values();
}
