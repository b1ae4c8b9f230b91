import "server-only";

import { agentOf } from "../agents/find-agent";
import { requireMember, type ServiceContext } from "../context";
import { faultBeside } from "./second-person";

/** Why the person who looks could not publish a widening of this author, for a button that says so; null when they could. */
export async function whyNotPublish(
  ctx: ServiceContext,
  version: { readonly author: string | null; readonly agent: string | null },
): Promise<string | null> {
  requireMember(ctx);
  const agent = version.agent === null ? null : await agentOf(ctx.db, ctx.workspaceId, version.agent);
  const fault = await faultBeside(ctx.db, ctx, version.author, agent?.agentId ?? null);
  return fault?.message ?? null;
}
