import "server-only";

import { forecastSpend } from "@/lib/core/figures/forecast";
import type { SpendPage, SpendQuery } from "@/lib/core/figures/spend";
import type { MemberId } from "@/lib/core/shared/brand";
import { findSpendSpan, listAnnotations, listTopRuns } from "@/lib/data/spend-facts";

import { requireMember, type ServiceContext } from "../context";
import { deriveSpend, readSpend } from "./read-spend";

const TOP_RUNS = 10;

/**
 * What was spent in a range, by what, on what, and why it differs from the period before; for any member.
 *
 * @param owner counts the agents that this member answers for alone
 */
export async function showSpend(ctx: ServiceContext, query: SpendQuery, owner?: MemberId): Promise<SpendPage> {
  requireMember(ctx);
  const { db, workspaceId, now } = ctx;
  const read = await readSpend(ctx, query, owner);
  const { range, narrowing, answers } = read;
  const span = { from: range.from, to: range.to, agents: narrowing.agents };
  const [topRuns, annotations, telemetry] = await Promise.all([
    listTopRuns(db, workspaceId, { ...span, limit: TOP_RUNS }),
    listAnnotations(db, workspaceId, span),
    findSpendSpan(db, workspaceId),
  ]);
  return {
    range,
    query: { ...query, by: narrowing.by },
    notices: [range.notice, narrowing.notice].filter((notice) => notice !== null),
    ...deriveSpend(read),
    topRuns,
    annotations,
    current: forecastSpend(answers.hourly, answers.spent, now, range.zone),
    ...telemetry,
  };
}
