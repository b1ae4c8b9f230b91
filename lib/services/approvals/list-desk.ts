import "server-only";

import type { Desk, DeskItem } from "@/lib/core/approvals/desk";
import { inDeskOrder } from "@/lib/core/approvals/order";
import { type ApprovalState, DeskLane, type DeskQuery } from "@/lib/core/approvals/schema";
import type { MemberId } from "@/lib/core/shared/brand";
import { countLanes, countLastDay, listHistoryItems, listWaitingItems } from "@/lib/data/desk";

import { requireMember, type ServiceContext } from "../context";

const MOST_WAITING = 200;
const PAGE = 50;

/**
 * The desk of the person who asks: what waits for them in order of expected harm and time left, or one of the other
 * lanes. Viewers see everything and can answer nothing.
 */
export async function listDesk(ctx: ServiceContext, query: DeskQuery): Promise<Desk> {
  const { memberId } = requireMember(ctx);
  const lanes = await countLanes(ctx.db, ctx.workspaceId, memberId);
  const { now, ...today } = await countLastDay(ctx.db, ctx.workspaceId);
  const page = await lane(ctx, memberId, query);
  const ordered = query.state === "waiting" || query.state === "others" ? inDeskOrder(page.items, now) : page.items;
  const more = waitingCount(lanes, query) - ordered.length;
  return { lanes, items: ordered, next: page.next, more: Math.max(0, more), today, now };
}

async function lane(ctx: ServiceContext, memberId: MemberId, query: DeskQuery): Promise<{ items: readonly DeskItem[]; next: string | null }> {
  const { state, band, agent, tool, cursor } = query;
  if (state === "waiting" || state === "others") {
    const which = { mine: state === "waiting", band, limit: MOST_WAITING };
    return { items: await listWaitingItems(ctx.db, ctx.workspaceId, memberId, which), next: null };
  }
  const outcome: ApprovalState | undefined = isLane(state) ? undefined : state;
  const decidedBy = state === "mine" ? memberId : undefined;
  return listHistoryItems(ctx.db, ctx.workspaceId, memberId, { state: outcome, decidedBy, band, agent, tool, cursor, limit: PAGE });
}

const isLane = (state: DeskQuery["state"]): state is DeskLane => DeskLane.safeParse(state).success;

function waitingCount(lanes: Desk["lanes"], { state, band }: DeskQuery): number {
  if (state === "others") return band ? 0 : lanes.others;
  if (state !== "waiting") return 0;
  return band ? lanes[band] : lanes.critical + lanes.high + lanes.elevated + lanes.low;
}
