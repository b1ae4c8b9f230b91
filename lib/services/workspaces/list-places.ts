import "server-only";

import { placeOf, type Places } from "@/lib/core/workspaces/places";
import { listHandles, listWaitingPlaces } from "@/lib/data/places";

import { requireMember, type ServiceContext } from "../context";

const MOST_ACTIONS = 100;
const MOST_AGENTS = 200;

/** What the palette offers besides pages: the riskiest actions that wait, and the agents. */
export async function listPlaces(ctx: ServiceContext): Promise<Places> {
  requireMember(ctx);
  const [waiting, agents] = await Promise.all([
    listWaitingPlaces(ctx.db, ctx.workspaceId, MOST_ACTIONS),
    listHandles(ctx.db, ctx.workspaceId, MOST_AGENTS),
  ]);
  return { actions: waiting.map(placeOf), agents };
}
