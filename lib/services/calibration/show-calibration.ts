import "server-only";

import type { CalibrationFeedback } from "@/lib/core/reviewers/calibration";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { findCalibrationItem, findCalibrationRecord } from "@/lib/data/calibration";

import { requireMember, type ServiceContext } from "../context";
import { feedbackOf } from "./feedback";

/** Whether a request was an item and is over. One that waits is a request like any other, here too. */
export async function isPastCalibration(ctx: ServiceContext, id: string): Promise<boolean> {
  requireMember(ctx);
  const item = isUuid(id) ? await findCalibrationItem(ctx.db, ctx.workspaceId, id) : null;
  return item !== null && !item.open;
}

/**
 * An item that is over: to the person who answered it and to administrators how, to everybody else only that it was one.
 *
 * @throws {AppError} `not_found`, also while it waits
 */
export async function showCalibration(ctx: ServiceContext, id: string): Promise<CalibrationFeedback | null> {
  const { memberId, roles } = requireMember(ctx);
  const found = isUuid(id) ? await findCalibrationRecord(ctx.db, ctx.workspaceId, id) : null;
  if (!found || found.open) throw new AppError("not_found", "There is no such item.");
  return found.memberId === memberId || roles.includes("admin") ? feedbackOf(id, found) : null;
}

/** What was learnt from those of these requests that were items and that this person answered. */
export async function listFeedback(
  ctx: ServiceContext,
  ids: readonly string[],
): Promise<readonly CalibrationFeedback[]> {
  const { memberId } = requireMember(ctx);
  const found = await Promise.all(
    ids.map(async (id) => {
      const item = isUuid(id) ? await findCalibrationItem(ctx.db, ctx.workspaceId, id) : null;
      const told = item === null || item.open ? null : await findCalibrationRecord(ctx.db, ctx.workspaceId, id);
      return told !== null && told.memberId === memberId ? feedbackOf(id, told) : null;
    }),
  );
  return found.filter((feedback) => feedback !== null);
}
