import "server-only";

import type { ShownRedaction } from "@/lib/core/redaction/settings";
import { findRedaction } from "@/lib/data/redaction";

import { requireMember, type ServiceContext } from "../context";

/** How the workspace redacts what comes in, for any member. */
export async function showRedaction(ctx: ServiceContext): Promise<ShownRedaction> {
  requireMember(ctx);
  return findRedaction(ctx.db, ctx.workspaceId);
}
