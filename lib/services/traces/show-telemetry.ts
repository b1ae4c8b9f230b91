import "server-only";

import type { AgentTelemetry } from "@/lib/core/traces/feed";
import { countGoverned, listFeeds, listUngovernedCalls, listUnreadKeys } from "@/lib/data/feeds";

import { agentOf } from "../agents/find-agent";
import { requireMember, type ServiceContext } from "../context";

const KEYS = 30;
const CALLS = 10;

/** What feeds an agent, and what its telemetry says of calls past us. @throws {AppError} `not_found` when the agent is */
export async function showTelemetry(ctx: ServiceContext, handle: string): Promise<AgentTelemetry> {
  requireMember(ctx);
  const { agentId } = await agentOf(ctx.db, ctx.workspaceId, handle);
  const [feeds, { keys, total }, calls, ungoverned] = await Promise.all([
    listFeeds(ctx.db, ctx.workspaceId, agentId),
    listUnreadKeys(ctx.db, ctx.workspaceId, agentId, KEYS),
    countGoverned(ctx.db, ctx.workspaceId, agentId),
    listUngovernedCalls(ctx.db, ctx.workspaceId, agentId, CALLS),
  ]);
  const isCounted = calls.governed + calls.ungoverned > 0;
  return { feeds, unread: keys, unreadKeys: total, calls: isCounted ? calls : null, ungoverned };
}
