import "server-only";

import { type Scorecard, scorecardOf } from "@/lib/core/reviewers/scorecard";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { DAY_MS } from "@/lib/core/shared/time";
import { listRecentResults } from "@/lib/data/calibration";
import {
  findPerson,
  listCalibrationResults,
  listReviewingPeople,
  listReviews,
  type ReviewingPerson,
} from "@/lib/data/reviewers";

import { requireMember, type ServiceContext } from "../context";

const DAYS = 90;

/** A scorecard and whose it is. */
export type ShownScorecard = { readonly person: ReviewingPerson; readonly isMine: boolean; readonly card: Scorecard };

/**
 * How one person reviews. It is for that person and for administrators, and for nobody else, whoever they are.
 *
 * @param id a member's id, or `me`
 * @throws {AppError} `forbidden`; `not_found`
 */
export async function showScorecard(ctx: ServiceContext, id: string): Promise<ShownScorecard> {
  const { memberId, roles } = requireMember(ctx);
  const isMine = id === "me" || id === memberId;
  // Before looking whether there is such a person: who may not know learns nothing.
  if (!isMine && !roles.includes("admin")) {
    throw new AppError("forbidden", "A scorecard is for its own person and for administrators.", {
      reason: "not_yours",
    });
  }
  const person = isMine || isUuid(id) ? await findPerson(ctx.db, ctx.workspaceId, isMine ? memberId : id) : null;
  if (!person) throw new AppError("not_found", "There is no such person.");
  const from = new Date(ctx.now.getTime() - DAYS * DAY_MS);
  const [reviews, results, recent] = await Promise.all([
    listReviews(ctx.db, ctx.workspaceId, from),
    listCalibrationResults(ctx.db, ctx.workspaceId, from),
    listRecentResults(ctx.db, ctx.workspaceId, person.id),
  ]);
  return { person, isMine, card: scorecardOf({ memberId: person.id, days: DAYS, reviews, results, recent }) };
}

/** Whose scorecards this person may open besides their own: nobody's, or for an administrator those of all who review. */
export async function listScorecards(ctx: ServiceContext): Promise<readonly ReviewingPerson[]> {
  const { memberId, roles } = requireMember(ctx);
  if (!roles.includes("admin")) return [];
  return (await listReviewingPeople(ctx.db, ctx.workspaceId)).filter(({ id }) => id !== memberId);
}
