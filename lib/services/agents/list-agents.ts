import "server-only";

import type { AgentItem } from "@/lib/core/agents/item";
import type { AgentStatus } from "@/lib/core/agents/schema";
import { countVerdicts, listAgentRows, noVerdicts } from "@/lib/data/agents";

import { requireMember, type ServiceContext } from "../context";

type AgentQuery = {
  readonly status?: AgentStatus | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

/** Agents by handle, each with its verdicts of the last 24 hours. The cursor is the last handle of the page before. */
export async function listAgents(
  ctx: ServiceContext,
  query: AgentQuery,
): Promise<{ readonly items: readonly AgentItem[]; readonly next: string | null }> {
  requireMember(ctx);
  const [page, counts] = await Promise.all([
    listAgentRows(ctx.db, ctx.workspaceId, query),
    countVerdicts(ctx.db, ctx.workspaceId),
  ]);
  const items = page.items.map((row) => ({ ...row, counts_24h: counts.get(row.uid) ?? noVerdicts() }));
  return { items, next: page.next };
}
