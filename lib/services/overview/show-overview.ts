import "server-only";

import type { Overview } from "@/lib/core/workspaces/overview";
import { countUnknownExecutions } from "@/lib/data/executions";
import { listIncidentItems } from "@/lib/data/incidents";
import {
  countByHour,
  countWaitingByBand,
  findUse,
  listAgentDays,
  listHaltedRuns,
  listPendingManifests,
  listRefusingRules,
  listSoonest,
  MOST_COUNTED,
} from "@/lib/data/overview";
import { countUnseenWeek } from "@/lib/data/notification-routes";
import { countRunStops } from "@/lib/data/stop-consents";

import { requireMember, type ServiceContext } from "../context";

const ROWS = 6;
const AGENTS = 50;

/**
 * What needs people now, what was stopped, and what the day was like, for any member.
 *
 * @param mine lists and sums the agents that the member answers for alone
 */
export async function showOverview(
  ctx: ServiceContext,
  { mine = false }: { readonly mine?: boolean } = {},
): Promise<Overview> {
  const { memberId } = requireMember(ctx);
  const { db, workspaceId } = ctx;
  const [
    use,
    bands,
    waiting,
    pendingManifests,
    hours,
    rules,
    haltedRuns,
    agentDays,
    incidents,
    halted,
    unknown,
    unseen,
  ] = await Promise.all([
    findUse(db, workspaceId),
    countWaitingByBand(db, workspaceId),
    listSoonest(db, workspaceId, ROWS),
    listPendingManifests(db, workspaceId, ROWS),
    countByHour(db, workspaceId),
    listRefusingRules(db, workspaceId, ROWS),
    listHaltedRuns(db, workspaceId, ROWS),
    listAgentDays(db, workspaceId, { limit: AGENTS, owner: mine ? memberId : null }),
    listIncidentItems(db, workspaceId, { state: "open", limit: ROWS }),
    countRunStops(db, workspaceId),
    countUnknownExecutions(db, workspaceId),
    countUnseenWeek(db, workspaceId),
  ]);
  const counted = hours.reduce((sum, hour) => sum + hour.count, 0);
  return {
    ...use,
    bands,
    waiting,
    pendingManifests,
    hours,
    rules,
    incidents: incidents.items,
    tasks: { halted, unknown },
    unseen,
    haltedRuns,
    agentDays,
    truncated: counted >= MOST_COUNTED,
  };
}
