import "server-only";

import type { Token } from "@/lib/core/workspaces/token";
import { listTokensOf } from "@/lib/data/members";

import { requireMember, type ServiceContext } from "../context";

/** One's own personal tokens that still work: names and last characters, never secrets. */
export async function listTokens(ctx: ServiceContext): Promise<{ readonly items: readonly Token[] }> {
  const { memberId } = requireMember(ctx);
  return { items: await listTokensOf(ctx.db, ctx.workspaceId, memberId) };
}
