import "server-only";

import { DAY_MS } from "@/lib/core/shared/time";
import { findSettings } from "@/lib/data/workspaces";

import { requireSystem, type ServiceContext } from "../context";
import { traceStore } from "./stores";

/** Forgets a workspace's events that arrived longer ago than it keeps them. What was counted of them stays. */
export async function pruneEvents(ctx: ServiceContext): Promise<{ readonly events: number; readonly days: number }> {
  requireSystem(ctx);
  const { event_days: days } = await findSettings(ctx.db, ctx.workspaceId);
  const before = new Date(ctx.now.getTime() - days * DAY_MS);
  return { events: await traceStore.dropBefore(ctx.workspaceId, before), days };
}

/** Frees whole days that nobody keeps any longer. Belongs to no workspace. */
export function dropEventDays(keptForDays: number): Promise<number> {
  return traceStore.dropDays(keptForDays);
}
