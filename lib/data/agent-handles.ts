import "server-only";

import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";

/** The handle of an agent; null when there is none. */
export async function findHandle(on: Db, workspaceId: WorkspaceId, agentId: AgentId): Promise<string | null> {
  const agent = await on.agent.findFirst({ where: { workspaceId, id: agentId }, select: { handle: true } });
  return agent?.handle ?? null;
}
