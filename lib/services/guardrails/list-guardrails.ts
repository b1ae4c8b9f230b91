import "server-only";

import type { VersionItem } from "@/lib/core/manifests/versions";
import { listGuardrailItems } from "@/lib/data/guardrails";

import { requireMember, type ServiceContext } from "../context";

/** Every version of the workspace's guardrail, newest first. */
export async function listGuardrails(
  ctx: ServiceContext,
): Promise<{ readonly items: readonly VersionItem[]; readonly next: null }> {
  requireMember(ctx);
  return { items: await listGuardrailItems(ctx.db, ctx.workspaceId), next: null };
}
