import "server-only";

import { type BatchView, batchView } from "@/lib/core/approvals/batch";
import { caughtText } from "@/lib/core/approvals/caught";
import type { Desk, DeskItem } from "@/lib/core/approvals/desk";
import { Display } from "@/lib/core/approvals/display";
import { effectView } from "@/lib/core/approvals/effect";
import { HistoryQuery } from "@/lib/core/approvals/history";
import { type DeskQuery, DeskTask, type Voter } from "@/lib/core/approvals/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import type { Page } from "@/lib/core/shared/page";
import { findVoter } from "@/lib/data/approvals";
import { findOpenBatch, listBatchRows } from "@/lib/data/batches";
import type { Db, Tx } from "@/lib/data/db";
import { countLastDay, findNow, listHistoryItems, readTogether } from "@/lib/data/desk";
import { countUnknownExecutions } from "@/lib/data/executions";
import { listDisplays } from "@/lib/data/groups";
import { countLanes, type Lanes, listHanded, listItems, listOthersItems } from "@/lib/data/lanes";
import { countRunStops } from "@/lib/data/stop-consents";
import { findSettings } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";
import { findPlace } from "./find-place";
import { chooseFor } from "./take-batch";

const PAGE = 50;
/** Of what waits and is in no batch, so many are named: the desk is no inbox. */
const NAMED = 7;

/**
 * The desk of the person who asks: their batch, or what they could take next, or one of the other lanes. Viewers see
 * everything and can answer nothing. What it costs depends on the batch, never on how much waits.
 */
export async function listDesk(ctx: ServiceContext, query: DeskQuery): Promise<Desk> {
  const { memberId } = requireMember(ctx);
  const { workspaceId } = ctx;
  return readTogether(ctx.db, async (tx) => {
    const now = await findNow(tx);
    const voter = (await findVoter(tx, workspaceId, memberId)) ?? nobody(memberId);
    const { lanes, cut } = await countLanes(tx, workspaceId, voter);
    const held = await findOpenBatch(tx, workspaceId, memberId);
    const batch = held && batchView(held, await listBatchRows(tx, workspaceId, voter, held.id), now);
    const { batch_size: size } = await findSettings(tx, workspaceId);
    const next = batch?.until ? [] : await chooseFor(tx, workspaceId, voter, { band: query.band, size, now });
    const upcoming = next.slice(0, NAMED).map((action) => action.id);
    const page = await lane(tx, workspaceId, voter, query);
    const open = batch?.entries.filter((entry) => entry.standing === "open") ?? [];
    const waiting = open.length > 0 ? open : await listItems(tx, workspaceId, memberId, upcoming);
    const items = query.state === "waiting" ? waiting : page.items;
    return {
      me: memberId,
      lanes,
      cut,
      caught: batch && open.length === 0 ? await caughtIn(tx, workspaceId, batch) : {},
      tasks: {
        halted: await countRunStops(tx, workspaceId),
        unknown: await countUnknownExecutions(tx, workspaceId),
      },
      batch,
      take: next.length,
      handed: await listHanded(tx, workspaceId, memberId),
      place: query.item === undefined ? null : await findPlace(tx, workspaceId, memberId, query.item),
      items,
      next: page.next,
      more: Math.max(0, waitingCount(lanes, query) - items.length),
      today: await today(tx, workspaceId, lanes),
      now,
    };
  });
}

/** What a person refused in a batch, and what had been wrong with it. */
async function caughtIn(on: Db, workspaceId: WorkspaceId, batch: BatchView): Promise<Desk["caught"]> {
  const refused = batch.entries.filter((entry) => entry.mine === "deny" || entry.mine === "return");
  const ids = refused.map((entry) => entry.id);
  const displays = ids.length === 0 ? [] : await listDisplays(on, workspaceId, ids);
  const words = [...displays].map(([id, stored]) => {
    const display = Display.safeParse(stored);
    return [id, display.success ? caughtText(effectView(display.data)) : null] as const;
  });
  return Object.fromEntries(words.filter((pair): pair is [string, string] => pair[1] !== null));
}

/** Counted for an empty desk only, which is what shows it. */
async function today(on: Db, workspaceId: WorkspaceId, lanes: Lanes["lanes"]): Promise<Desk["today"]> {
  if (lanes.critical + lanes.high + lanes.elevated + lanes.low > 0) return { allowed: 0, refused: 0 };
  return countLastDay(on, workspaceId);
}

async function lane(on: Tx, workspaceId: WorkspaceId, voter: Voter, query: DeskQuery): Promise<Page<DeskItem>> {
  const { state } = query;
  if (isTask(state) || state === "waiting") return { items: [], next: null };
  if (state === "others") return { items: await listOthersItems(on, workspaceId, voter, PAGE), next: null };
  return listHistoryItems(on, workspaceId, voter.id, HistoryQuery.parse(query), PAGE);
}

const isTask = (state: DeskQuery["state"]): state is DeskTask => DeskTask.safeParse(state).success;

function waitingCount(lanes: Desk["lanes"], { state, band }: DeskQuery): number {
  if (state === "others") return band ? 0 : lanes.others;
  if (state !== "waiting") return 0;
  return band ? lanes[band] : lanes.critical + lanes.high + lanes.elevated + lanes.low;
}

/** Somebody who may decide nothing. */
const nobody = (id: MemberId): Voter => ({
  id,
  roles: [],
  disabled: true,
  personId: id,
  answersFor: [id],
  oneWith: [id],
});
