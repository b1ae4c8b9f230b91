import "server-only";

import { StopId } from "@/lib/core/shared/brand";
import type { RunStop } from "@/lib/core/workspaces/stop";
import { findOpenRunStop, listRunStops as listRows } from "@/lib/data/stop-consents";

import { requireMember, type ServiceContext } from "../context";
import { withSecond } from "./with-second";

const MOST = 100;

/** Halted runs that wait for two people, the oldest first; with `run`, that one's stop if it is open. */
export async function listRunStops(
  ctx: ServiceContext,
  input: { readonly run?: string } = {},
): Promise<{ readonly items: readonly RunStop[] }> {
  const { memberId } = requireMember(ctx);
  const { db, workspaceId } = ctx;
  const which = await whichOf(ctx, input.run);
  if (which === null) return { items: [] };
  return { items: await withSecond(db, workspaceId, memberId, await listRows(db, workspaceId, which)) };
}

async function whichOf(ctx: ServiceContext, run: string | undefined) {
  if (run === undefined) return { limit: MOST };
  const open = await findOpenRunStop(ctx.db, ctx.workspaceId, run);
  return open === null ? null : { limit: 1, stopId: StopId.parse(open) };
}
