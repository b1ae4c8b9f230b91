import "server-only";

import { reviewLines, reviewTitle } from "@/lib/core/objectives/review";
import { dueWeek } from "@/lib/core/objectives/week";
import { transact } from "@/lib/data/db";
import { listUnsent, noteReview } from "@/lib/data/weekly-reviews";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { readWeekOf } from "./show-week";

/**
 * Sends the review of the week that is over to everybody who answers for agents, on Monday from 08:00 UTC on. Each person
 * is sent a week once: the note and the entry that notifications are made of are one transaction.
 */
export async function sendWeeklyReviews(ctx: ServiceContext): Promise<{ readonly sent: number }> {
  requireSystem(ctx);
  const week = dueWeek(ctx.now);
  if (week === null) return { sent: 0 };
  const people = await listUnsent(ctx.db, ctx.workspaceId, week.name);
  if (people.length === 0) return { sent: 0 };
  const { owners } = await readWeekOf(ctx, week);
  let sent = 0;
  for (const memberId of people) {
    const review = owners.find(({ owner }) => owner.id === memberId);
    if (!review) continue;
    const isSent = await transact(ctx.db, async (tx) => {
      if (!(await noteReview(tx, ctx.workspaceId, { week: week.name, memberId, at: ctx.now }))) return false;
      const about = { week: week.name, member: memberId };
      const told = { ...about, title: reviewTitle(week, review), lines: reviewLines(review) };
      await record(tx, ctx, "review.send", { ...about, agents: review.agents.map(({ agent }) => agent) }, told);
      return true;
    });
    if (isSent) sent += 1;
  }
  return { sent };
}
