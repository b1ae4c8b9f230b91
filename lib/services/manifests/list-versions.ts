import "server-only";

import type { VersionItem } from "@/lib/core/manifests/versions";
import { listVersionItems } from "@/lib/data/manifests";

import { agentOf } from "../agents/find-agent";
import { requireMember, type ServiceContext } from "../context";

/** Every version of an agent's manifest, newest first. */
export async function listVersions(
  ctx: ServiceContext,
  handle: string,
): Promise<{ readonly items: readonly VersionItem[]; readonly next: null }> {
  requireMember(ctx);
  const agent = await agentOf(ctx.db, ctx.workspaceId, handle);
  return { items: await listVersionItems(ctx.db, ctx.workspaceId, agent.agentId), next: null };
}
