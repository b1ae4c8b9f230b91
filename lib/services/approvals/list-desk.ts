import "server-only";

import type { Desk, DeskItem } from "@/lib/core/approvals/desk";
import { HistoryQuery } from "@/lib/core/approvals/history";
import { inDeskOrder } from "@/lib/core/approvals/order";
import { type DeskQuery, DeskTask } from "@/lib/core/approvals/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import type { Page } from "@/lib/core/shared/page";
import type { Db } from "@/lib/data/db";
import { countUnknownExecutions } from "@/lib/data/executions";
import { countRunStops } from "@/lib/data/stop-consents";
import { countLanes, countLastDay, listHistoryItems, listWaitingItems, readTogether } from "@/lib/data/desk";

import { requireMember, type ServiceContext } from "../context";

const MOST_WAITING = 200;
const PAGE = 50;

/**
 * The desk of the person who asks: what waits for them in order of expected harm and time left, or one of the other
 * lanes. Viewers see everything and can answer nothing.
 */
export async function listDesk(ctx: ServiceContext, query: DeskQuery): Promise<Desk> {
  const { memberId } = requireMember(ctx);
  const { lanes, tasks, now, today, page } = await readTogether(ctx.db, async (tx) => {
    const { now: at, ...counts } = await countLastDay(tx, ctx.workspaceId);
    const inLane = await lane(tx, ctx.workspaceId, memberId, query);
    const open = {
      halted: await countRunStops(tx, ctx.workspaceId),
      unknown: await countUnknownExecutions(tx, ctx.workspaceId),
    };
    const waiting = await countLanes(tx, ctx.workspaceId, memberId);
    return { lanes: waiting, tasks: open, now: at, today: counts, page: inLane };
  });
  const ordered = query.state === "waiting" || query.state === "others" ? inDeskOrder(page.items, now) : page.items;
  const more = waitingCount(lanes, query) - ordered.length;
  return { lanes, tasks, items: ordered, next: page.next, more: Math.max(0, more), today, now };
}

async function lane(on: Db, workspaceId: WorkspaceId, memberId: MemberId, query: DeskQuery): Promise<Page<DeskItem>> {
  const { state, band } = query;
  if (isTask(state)) return { items: [], next: null };
  if (state === "waiting" || state === "others") {
    const which = { mine: state === "waiting", band, limit: MOST_WAITING };
    return { items: await listWaitingItems(on, workspaceId, memberId, which), next: null };
  }
  return listHistoryItems(on, workspaceId, memberId, HistoryQuery.parse(query), PAGE);
}

const isTask = (state: DeskQuery["state"]): state is DeskTask => DeskTask.safeParse(state).success;

function waitingCount(lanes: Desk["lanes"], { state, band }: DeskQuery): number {
  if (state === "others") return band ? 0 : lanes.others;
  if (state !== "waiting") return 0;
  return band ? lanes[band] : lanes.critical + lanes.high + lanes.elevated + lanes.low;
}
