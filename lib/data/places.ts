import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { WaitingPlace } from "@/lib/core/workspaces/places";

import { inState } from "./approvals";
import type { Db } from "./db";

/** What waits, the riskiest first. */
export async function listWaitingPlaces(
  on: Db,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly WaitingPlace[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id, a.display -> 'headline' AS headline, g.handle AS agent, a.band FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND ${inState("waiting")} ORDER BY a.score DESC, a.expires_at, a.id LIMIT ${limit}`;
  return WaitingPlace.array().parse(rows);
}

/** Agents by name. */
export async function listHandles(on: Db, workspaceId: WorkspaceId, limit: number): Promise<readonly string[]> {
  const rows = await on.agent.findMany({
    where: { workspaceId },
    select: { handle: true },
    orderBy: { handle: "asc" },
    take: limit,
  });
  return rows.map(({ handle }) => handle);
}
