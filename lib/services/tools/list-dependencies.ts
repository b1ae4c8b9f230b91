import "server-only";

import { refusedSince, type ShownDependencies, shownDependency } from "@/lib/core/tools/dependency";
import { listDependencies as listStored } from "@/lib/data/dependencies";
import { findSettings } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";

/** The systems that tools share, how each stands, and the limits that open its breaker. */
export async function listDependencies(ctx: ServiceContext): Promise<ShownDependencies> {
  requireMember(ctx);
  const [settings, { now, items }] = await Promise.all([
    findSettings(ctx.db, ctx.workspaceId),
    listStored(ctx.db, ctx.workspaceId),
  ]);
  const { dependency_failures: failures, dependency_cool_down_seconds: cool_down_seconds } = settings;
  const limits = { failures, cool_down_seconds };
  return { limits, refused_since: refusedSince(now), items: items.map((item) => shownDependency(item, limits, now)) };
}
