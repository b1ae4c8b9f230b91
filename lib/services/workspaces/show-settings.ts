import "server-only";

import type { WorkspaceSettings } from "@/lib/core/workspaces/settings";
import { findSettings } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";

/** The workspace's settings, for any member. */
export async function showSettings(ctx: ServiceContext): Promise<WorkspaceSettings> {
  requireMember(ctx);
  return findSettings(ctx.db, ctx.workspaceId);
}
