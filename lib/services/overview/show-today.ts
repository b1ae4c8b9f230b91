import "server-only";

import { type SpendPage, SpendQuery, TODAY } from "@/lib/core/figures/spend";
import type { MemberId } from "@/lib/core/shared/brand";

import { requireMember, type ServiceContext } from "../context";
import { showSpend } from "../figures/show-spend";

/** For how long today is shown as it was read: an overview is read again with every decision that is made. */
const KNOWN_MS = 15_000;
const MOST_KNOWN = 500;

const known = new Map<string, { readonly at: number; readonly spend: Promise<SpendPage> }>();

/** What today cost, a few seconds old at most. For any member. @param owner counts the agents that they answer for alone */
export function showToday(ctx: ServiceContext, owner: MemberId | undefined): Promise<SpendPage> {
  requireMember(ctx);
  const name = `${ctx.workspaceId} ${owner ?? ""}`;
  const now = performance.now();
  const last = known.get(name);
  if (last && now - last.at < KNOWN_MS) return last.spend;
  const spend = showSpend(ctx, SpendQuery.parse(TODAY), owner);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, { at: now, spend });
  spend.catch(() => known.delete(name));
  return spend;
}
