import "server-only";

import { insertRegretNotice, listRegretNews, type RegretNews } from "@/lib/data/aftermath";

import { requireMember, type ServiceContext } from "../context";

/** What the person who asks approved and was rolled back since, as long as they have not seen it. */
export async function readRegretNews(ctx: ServiceContext): Promise<readonly RegretNews[]> {
  const { memberId } = requireMember(ctx);
  return listRegretNews(ctx.db, ctx.workspaceId, memberId);
}

/** Remembers that they have seen it. Twice is once. */
export async function seeRegretNews(ctx: ServiceContext, decisionId: string): Promise<void> {
  const { memberId } = requireMember(ctx);
  await insertRegretNotice(ctx.db, ctx.workspaceId, { decisionId, memberId, at: ctx.now });
}
