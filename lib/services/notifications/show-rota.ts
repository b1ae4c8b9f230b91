import "server-only";

import { listPeople } from "@/lib/data/notification-people";
import { findRota } from "@/lib/data/notification-routes";

import { requireMember, type ServiceContext } from "../context";

/** Somebody who can be called. */
export type Callable = { readonly id: string; readonly name: string; readonly slackUserId: string | null };

/** Who is called, who is on call now, and everybody who could be. */
export type ShownRota = {
  readonly members: readonly string[];
  readonly now: string | null;
  readonly people: readonly Callable[];
};

export async function showRota(ctx: ServiceContext): Promise<ShownRota> {
  requireMember(ctx);
  const [rota, people] = await Promise.all([findRota(ctx.db, ctx.workspaceId), listPeople(ctx.db, ctx.workspaceId)]);
  const named = people.map(({ id, name, slackUserId }) => ({ id, name, slackUserId }));
  const known = new Set(named.map(({ id }) => id));
  return {
    members: rota.members.filter((id) => known.has(id)),
    now: rota.now !== null && known.has(rota.now) ? rota.now : null,
    people: named,
  };
}
