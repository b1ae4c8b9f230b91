import "server-only";

import { StopId } from "@/lib/core/shared/brand";
import type { RunStop } from "@/lib/core/workspaces/stop";
import { findOpenRunStop, listRunStops as listRows } from "@/lib/data/stop-consents";

import { requireMember, type ServiceContext } from "../context";

const MOST = 100;

/** Halted runs that wait for two people, the oldest first; with `run`, that one's stop if it is open. */
export async function listRunStops(
  ctx: ServiceContext,
  input: { readonly run?: string } = {},
): Promise<{ readonly items: readonly RunStop[] }> {
  requireMember(ctx);
  if (input.run === undefined) return { items: await listRows(ctx.db, ctx.workspaceId, { limit: MOST }) };
  const open = await findOpenRunStop(ctx.db, ctx.workspaceId, input.run);
  if (open === null) return { items: [] };
  return { items: await listRows(ctx.db, ctx.workspaceId, { limit: 1, stopId: StopId.parse(open) }) };
}
