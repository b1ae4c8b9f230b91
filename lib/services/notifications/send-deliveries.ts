import "server-only";

import { afterFailure, type Attempt, isHopeless } from "@/lib/core/notifications/retry";
import { claimDeliveries, type ClaimedDelivery, failDelivery, settleDelivery } from "@/lib/data/deliveries";
import { findDueCallback } from "@/lib/data/callbacks";
import { countAttempt, findDestination, findSlackVoice, type SealedDestination } from "@/lib/data/destinations";
import { listPeople } from "@/lib/data/notification-people";
import { log } from "@/lib/platform/log";

import { requireSystem, type ServiceContext } from "../context";
import { giveUpDestination } from "./give-up-destination";
import { type Outside, outside } from "./outside";
import { tellAgent, tellDestination, tellMailbox, tellSlack, type Telling } from "./transmit";

/** Messages on the way at once in this process; of destinations that failed last time only a part of them. */
const AT_ONCE = 48;
const AT_ONCE_FAILING = 12;
const EACH = 4;
const LEASE_MS = 60_000;

const onTheWay = new Map<string, { readonly to: string; readonly failing: boolean }>();

/** What a round began. `done` ends when all of it is over; nobody need wait for it. */
export type Sending = { readonly begun: number; readonly done: Promise<void> };

/**
 * Sends what is due, and returns as soon as it is on its way: one destination that hangs keeps nobody waiting. Those that
 * failed last time share a few places, so that many of them leave room for the rest.
 *
 * A message is taken for a minute. If this process dies, it is sent again under the same id.
 */
export async function sendDeliveries(ctx: ServiceContext, world: Outside = outside()): Promise<Sending> {
  requireSystem(ctx);
  const sending: Promise<void>[] = [];
  for (const failing of [false, true]) {
    for (const delivery of await claim(ctx, failing)) {
      sending.push(
        sendOne(ctx, delivery, { world, failing })
          .catch((error: unknown) => log.error({ err: error, deliveryId: delivery.id }, "a message could not be sent"))
          .finally(() => onTheWay.delete(delivery.id)),
      );
    }
  }
  return { begun: sending.length, done: Promise.all(sending).then(() => undefined) };
}

async function claim(ctx: ServiceContext, failing: boolean): Promise<readonly ClaimedDelivery[]> {
  const taken = failing ? [...onTheWay.values()].filter((one) => one.failing).length : onTheWay.size;
  const limit = Math.min(AT_ONCE - onTheWay.size, (failing ? AT_ONCE_FAILING : AT_ONCE) - taken);
  if (limit <= 0) return [];
  const how = { now: ctx.now, limit, each: EACH, busy: busyOnes(), failing, leaseMs: LEASE_MS };
  return claimDeliveries(ctx.db, ctx.workspaceId, how);
}

function busyOnes(): readonly string[] {
  const counts = new Map<string, number>();
  for (const { to } of onTheWay.values()) counts.set(to, (counts.get(to) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= EACH).map(([to]) => to);
}

async function sendOne(
  ctx: ServiceContext,
  delivery: ClaimedDelivery,
  { world, failing }: { readonly world: Outside; readonly failing: boolean },
): Promise<void> {
  onTheWay.set(delivery.id, { to: delivery.destination_id ?? delivery.member_id ?? delivery.agent_id ?? "", failing });
  const destination =
    delivery.destination_id === null ? null : await findDestination(ctx.db, ctx.workspaceId, delivery.destination_id);
  // A webhook hears everything in its order; a message that people read says only how it stands.
  const inOrder = destination?.kind === "webhook" || delivery.agent_id !== null;
  const place = inOrder ? delivery.told : delivery.stages.length - 1;
  const notice = delivery.stages[place];
  if (!notice) throw new Error(`delivery ${delivery.id} has nothing left to tell`);
  const { id: deliveryId, subject, handle } = delivery;
  const telling: Telling = { deliveryId, subject, notice, place, handle, now: ctx.now };
  const attempt = destination
    ? await tellDestination(destination, telling, world)
    : await tellAnyone(ctx, delivery, telling, world).catch(sayError);
  await settle(ctx, { delivery, destination, attempt, told: place + 1, saidAt: new Date(notice.at) });
}

type Settled = {
  readonly delivery: ClaimedDelivery;
  readonly destination: SealedDestination | null;
  readonly attempt: Attempt;
  readonly told: number;
  readonly saidAt: Date;
};

async function settle(ctx: ServiceContext, { delivery, destination, attempt, told, saidAt }: Settled): Promise<void> {
  const { db, workspaceId, now } = ctx;
  if (attempt.ok) {
    await settleDelivery(db, workspaceId, delivery.id, { told, handle: attempt.handle, at: now });
    if (destination) await countAttempt(db, workspaceId, destination.id, { ok: true, at: now });
    return;
  }
  const ageMs = now.getTime() - saidAt.getTime();
  const next = afterFailure(attempt, { attempts: delivery.attempts, ageMs, chance: Math.random() });
  const dueAt = next.again ? new Date(now.getTime() + next.inMs) : null;
  await failDelivery(db, workspaceId, delivery.id, { error: attempt.error, dueAt });
  if (!destination) return;
  const { failures, since } = await countAttempt(db, workspaceId, destination.id, { ok: false, at: now });
  const failingMs = since === null ? 0 : now.getTime() - since.getTime();
  if (attempt.gone || isHopeless(failures, failingMs)) {
    await giveUpDestination(ctx, { destination: destination.id, failures, error: attempt.error });
  }
}

const sayError = (error: unknown): Attempt => ({
  ok: false,
  error: error instanceof Error ? error.message : "it could not be told",
});

async function tellAnyone(
  ctx: ServiceContext,
  { agent_id, approval_id, member_id }: ClaimedDelivery,
  telling: Telling,
  world: Outside,
): Promise<Attempt> {
  if (agent_id === null) return tellPerson(ctx, member_id, telling, world);
  const callback = approval_id === null ? null : await findDueCallback(ctx.db, ctx.workspaceId, approval_id);
  if (!callback) return { ok: false, error: "this agent has no call-back any more", final: true };
  return tellAgent({ workspaceId: ctx.workspaceId, callback }, telling, world);
}

/** Tells a person where they want to be told: in Slack where we can speak there, else by e-mail. */
async function tellPerson(
  ctx: ServiceContext,
  memberId: string | null,
  telling: Telling,
  world: Outside,
): Promise<Attempt> {
  const person = (await listPeople(ctx.db, ctx.workspaceId)).find(({ id }) => id === memberId);
  if (!person) return { ok: false, error: "this person is no longer a member", final: true };
  const voice =
    person.wants.channel === "slack" && person.slackUserId !== null
      ? await findSlackVoice(ctx.db, ctx.workspaceId)
      : null;
  if (!voice || person.slackUserId === null) return tellMailbox(person.email, telling, world);
  return tellSlack(voice, person.slackUserId, telling, world);
}
