import "server-only";

import { isFromBand, type DestinationItem } from "@/lib/core/notifications/schema";
import { findDueCallback } from "@/lib/data/callbacks";
import type { Tx } from "@/lib/data/db";
import { addStage, listRecipients } from "@/lib/data/deliveries";
import { listToldApprovals, type TimedEvent, withNextEvents } from "@/lib/data/delivery-queue";
import { listDestinationRows } from "@/lib/data/destinations";

import { requireSystem, type ServiceContext } from "../context";
import { collectDigests } from "./collect-digests";
import { approvalOf, noticeOf, TOLD_TOPICS, type ToTell } from "./notices-of";
import { type Outside, outside } from "./outside";
import { tellPeople } from "./tell-people";

const BATCH = 200;

/**
 * Makes messages of what has happened: one for each subject and destination, and for each person it is routed to. What
 * was read of the outbox and what was made of it are one transaction, so each event is taken exactly once.
 *
 * @returns how many events were read; null when another worker is at it or everything is held after a restore
 */
export async function queueDeliveries(
  ctx: ServiceContext,
  world: Outside = outside(),
): Promise<{ readonly read: number } | null> {
  requireSystem(ctx);
  let read = 0;
  for (;;) {
    const round = await withNextEvents(
      ctx.db,
      ctx.workspaceId,
      { topics: TOLD_TOPICS, limit: BATCH },
      async (tx, events) => {
        const destinations = await listDestinationRows(tx, ctx.workspaceId);
        const told = await toldBy(tx, ctx, events);
        for (const one of told) {
          await queueOne(tx, ctx, destinations, one);
          await queueCallback(tx, ctx, one);
        }
        await tellPeople(tx, ctx, { told, world });
        await collectDigests(tx, ctx);
        return events.length;
      },
    );
    if (round === null) return read === 0 ? null : { read };
    read += round.result;
    if (!round.more) return { read };
  }
}

async function toldBy(tx: Tx, ctx: ServiceContext, events: readonly TimedEvent[]): Promise<readonly ToTell[]> {
  const ids = [...new Set(events.flatMap((event) => approvalOf(event) ?? []))];
  const approvals = await listToldApprovals(tx, ctx.workspaceId, ids);
  return events.flatMap((event) => noticeOf(event, approvals) ?? []);
}

async function queueOne(
  tx: Tx,
  ctx: ServiceContext,
  destinations: readonly DestinationItem[],
  { event, subject, approvalId, agent, notice }: ToTell,
): Promise<void> {
  // What became of a request is told wherever the request was, whatever is chosen there now.
  const before =
    event === "approval.settled" && approvalId !== null ? await listRecipients(tx, ctx.workspaceId, approvalId) : [];
  const chosen = destinations.filter(
    (to) =>
      to.state === "on" &&
      to.events.some((one) => one === event) &&
      isFromBand(notice.band, to.least_band) &&
      (to.agent === null || to.agent === agent),
  );
  const known = new Set(before.map((to) => to.destination ?? to.member ?? to.agent));
  for (const to of [...before, ...chosen.filter(({ id }) => !known.has(id)).map(({ id }) => ({ destination: id }))]) {
    const kind = destinations.find(({ id }) => id === to.destination)?.kind;
    // Low never interrupts anybody's mailbox: it waits for the hour's list.
    const state = kind === "email" && notice.band === "low" ? "digest" : "pending";
    const first = "member" in to ? "planned" : state;
    await addStage(tx, ctx.workspaceId, { to, subject, approvalId, notice, state: first, at: ctx.now });
  }
}

/** An agent is told at its own address what became of its request; nothing else. */
async function queueCallback(
  tx: Tx,
  ctx: ServiceContext,
  { event, subject, approvalId, notice }: ToTell,
): Promise<void> {
  if (event !== "approval.settled" || approvalId === null) return;
  const callback = await findDueCallback(tx, ctx.workspaceId, approvalId);
  if (!callback) return;
  const stage = { subject, approvalId, notice, state: "pending", at: ctx.now } as const;
  await addStage(tx, ctx.workspaceId, { to: { agent: callback.agentId }, ...stage });
}
