import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import type { RunDetail } from "@/lib/core/runs/schema";
import { findRun, listRunSteps } from "@/lib/data/runs";

import { requireMember, type ServiceContext } from "../context";

const STEPS = 200;

/**
 * One run with its steps in order.
 *
 * @param after the step to go on after; the answer's `next` when a run is longer than one page
 * @throws {AppError} `not_found`
 */
export async function showRun(ctx: ServiceContext, id: string, after = 0): Promise<RunDetail> {
  requireMember(ctx);
  const run = isUuid(id) ? await findRun(ctx.db, ctx.workspaceId, id) : null;
  if (!run) throw new AppError("not_found", "There is no such run.");
  const { steps, next } = await listRunSteps(ctx.db, ctx.workspaceId, run.id, { after: after, limit: STEPS });
  return { ...run, decisions: steps, next };
}
