import "server-only";

import { type Organisation, organisationOf } from "@/lib/core/reviewers/organisation";
import { listCalibrationResults, listExpiredAt, listReviews } from "@/lib/data/reviewers";

import { requireMember, type ServiceContext } from "../context";

/**
 * How the organisation reviews, for every member: sums with at least five people behind each.
 *
 * Everything is read from the first day of the quarter before this one, so that the blocks figures are made of stay
 * where they are; `from` only chooses among them.
 */
export async function showOrganisation(ctx: ServiceContext, from: Date | undefined): Promise<Organisation> {
  requireMember(ctx);
  const start = quarterBefore(ctx.now);
  const [reviews, results, expiredAt] = await Promise.all([
    listReviews(ctx.db, ctx.workspaceId, start),
    listCalibrationResults(ctx.db, ctx.workspaceId, start),
    listExpiredAt(ctx.db, ctx.workspaceId, start),
  ]);
  return organisationOf({ reviews, results, expiredAt, from: from === undefined || from < start ? start : from });
}

function quarterBefore(now: Date): Date {
  const quarter = Math.floor(now.getUTCMonth() / 3);
  return new Date(Date.UTC(now.getUTCFullYear(), quarter * 3 - 3, 1));
}
