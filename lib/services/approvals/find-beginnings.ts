import "server-only";

import { findBeginnings as readBeginnings } from "@/lib/data/audit";
import { env } from "@/lib/platform/env";

import { requireMember, type ServiceContext } from "../context";

/** How far a workspace has come, and the address that agents call: what a desk without any history says first. */
export async function findBeginnings(
  ctx: ServiceContext,
): Promise<{ readonly agents: boolean; readonly asked: boolean; readonly origin: string }> {
  requireMember(ctx);
  return { ...(await readBeginnings(ctx.db, ctx.workspaceId)), origin: env.PUBLIC_URL };
}
