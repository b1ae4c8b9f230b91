import "server-only";

import type { ShownObjective } from "@/lib/core/objectives/shown";
import { AppError } from "@/lib/core/shared/errors";
import { listMissedRuns, type MissedRun } from "@/lib/data/objective-hours";

import { requireMember, type ServiceContext } from "../context";
import { standingObjectives } from "./list-objectives";

const MOST_RUNS = 25;

/** An objective with the latest runs that spent its error budget. */
export type ObjectiveDetail = ShownObjective & { readonly missed: readonly MissedRun[] };

/**
 * One objective in force, for any member.
 *
 * @throws {AppError} `not_found`
 */
export async function showObjective(ctx: ServiceContext, id: string): Promise<ObjectiveDetail> {
  requireMember(ctx);
  const found = (await standingObjectives(ctx, ctx.now)).find((one) => one.id === id);
  if (!found) throw new AppError("not_found", "There is no such objective, or it was removed.");
  const { from, to } = found;
  return { ...found, missed: await listMissedRuns(ctx.db, ctx.workspaceId, id, { from, to, limit: MOST_RUNS }) };
}
