import "server-only";

import { quorumOf } from "@/lib/core/approvals/schema";
import { approvalNotice } from "@/lib/core/notifications/compose";
import { planFor } from "@/lib/core/notifications/person";
import { ROUTE_STEPS, routeOf } from "@/lib/core/notifications/route";
import type { StageEvent } from "@/lib/core/notifications/schema";
import type { Tx } from "@/lib/data/db";
import { addFirstStage } from "@/lib/data/deliveries";
import { listToldApprovals } from "@/lib/data/delivery-queue";
import { listLiveLeases } from "@/lib/data/leases";
import {
  insertSend,
  listPeople,
  listPlanned,
  listSends,
  planDelivery,
  type ToldPerson,
} from "@/lib/data/notification-people";
import {
  findRota,
  listAgentOwners,
  listRouted,
  type RoutedApproval,
  upsertRoute,
} from "@/lib/data/notification-routes";

import type { ServiceContext } from "../context";
import type { ToTell } from "./notices-of";
import type { Outside } from "./outside";

/** What the administrators are told whatever they look after. */
const FOR_ADMINS: ReadonlySet<StageEvent> = new Set([
  "approval.unseen",
  "workspace.stopped",
  "agent.flooding",
  "destination.off",
  "budget.crossed",
]);

/**
 * Routes what waits to the people who should know by now, and decides for each message whether it goes now, after their
 * quiet hours or into their digest. For `queueDeliveries`, in its transaction: two workers never count one hour twice.
 */
export async function tellPeople(
  tx: Tx,
  ctx: ServiceContext,
  { told, world }: { readonly told: readonly ToTell[]; readonly world: Outside },
): Promise<void> {
  const people = (await listPeople(tx, ctx.workspaceId)).filter((person) => canBeTold(person, world));
  if (people.length > 0) {
    await routeWaiting(tx, ctx, people);
    await tellOfAlerts(tx, ctx, { people, told });
    await tellOne(tx, ctx, { people, told });
    for (const { event, subject, approvalId, notice } of told) {
      if (!FOR_ADMINS.has(event)) continue;
      for (const { id } of people.filter(({ roles }) => roles.includes("admin"))) {
        // A subject of its own: that nobody looked is news, whatever was said about the request before.
        const about = event === "approval.unseen" ? `unseen:${notice.state ?? ""}:${subject}` : subject;
        const stage = {
          to: { member: id },
          subject: about,
          approvalId,
          notice,
          state: "planned",
          at: ctx.now,
        } as const;
        await addFirstStage(tx, ctx.workspaceId, stage);
      }
    }
  }
  await plan(tx, ctx, people);
}

/** Whether there is any way to this person. Made-up people of the demonstration have made-up addresses. */
function canBeTold({ demo, wants, slackUserId }: ToldPerson, world: Outside): boolean {
  if (demo || wants.channel === "none") return false;
  return world.mail !== null || (wants.channel === "slack" && slackUserId !== null);
}

async function routeWaiting(tx: Tx, ctx: ServiceContext, people: readonly ToldPerson[]): Promise<void> {
  const waiting = await listRouted(tx, ctx.workspaceId, ctx.now);
  if (waiting.length === 0) return;
  const rota = await findRota(tx, ctx.workspaceId);
  const ids = waiting.map(({ id }) => id);
  const facts = await listToldApprovals(tx, ctx.workspaceId, ids);
  const leases = await listLiveLeases(tx, ctx.workspaceId, ids);
  // Handed to somebody who has not taken it is not taken.
  const seats = (id: string) => leases.filter((one) => one.approvalId === id && one.batchId !== null).length;
  const admins = people.filter(({ roles }) => roles.includes("admin")).map(({ id }) => id);
  for (const request of waiting) {
    const approval = facts.get(request.id);
    if (!approval) continue;
    const { step, tell } = routeOf(
      {
        createdAt: request.created_at,
        expiresAt: request.expires_at,
        owners: ownersAmong(request, people),
        eligible: eligibleAmong(request, people),
        onCall: rota.now,
        admins,
        claimed: seats(request.id) >= quorumOf({ quorum: request.quorum, band: approval.band }),
      },
      ctx.now,
    );
    if (step === "claimed") continue;
    await upsertRoute(tx, ctx.workspaceId, request.id, ROUTE_STEPS.indexOf(step));
    const event = step === "escalated" ? "approval.escalated" : "approval.waiting";
    const notice = approvalNotice(event, approval, { at: ctx.now, state: "waiting" });
    const reachable = tell.filter((id) => people.some((person) => person.id === id));
    for (const member of reachable) {
      const about = { to: { member }, subject: `approval:${request.id}`, approvalId: request.id } as const;
      await addFirstStage(tx, ctx.workspaceId, { ...about, notice, state: "planned", at: ctx.now });
    }
  }
}

const ABOUT_ALERTS: ReadonlySet<StageEvent> = new Set(["alert.firing", "alert.resolved"]);

/** An alert goes to the agent's DRI and owners and to who is on call, and where none of them can be told to the administrators. */
async function tellOfAlerts(
  tx: Tx,
  ctx: ServiceContext,
  { people, told }: { readonly people: readonly ToldPerson[]; readonly told: readonly ToTell[] },
): Promise<void> {
  const alerts = told.filter(({ event }) => ABOUT_ALERTS.has(event));
  if (alerts.length === 0) return;
  const rota = await findRota(tx, ctx.workspaceId);
  const owners = await listAgentOwners(
    tx,
    ctx.workspaceId,
    alerts.flatMap(({ agent }) => agent ?? []),
  );
  for (const { subject, agent, notice } of alerts) {
    const owned = owners.find(({ handle }) => handle === agent);
    const first = new Set([...(owned ? ownersAmong(owned, people) : []), ...(rota.now === null ? [] : [rota.now])]);
    const reached = people.filter(({ id }) => first.has(id));
    const tell = reached.length > 0 ? reached : people.filter(({ roles }) => roles.includes("admin"));
    for (const { id } of tell) {
      // Each is a message of its own: that it still fires, or is over, must not wait behind the first.
      const stage = { to: { member: id }, subject: `${subject}:${notice.at}`, approvalId: null, notice } as const;
      await addFirstStage(tx, ctx.workspaceId, { ...stage, state: "planned", at: ctx.now });
    }
  }
}

/** What is for one person goes to that person alone. */
async function tellOne(
  tx: Tx,
  ctx: ServiceContext,
  { people, told }: { readonly people: readonly ToldPerson[]; readonly told: readonly ToTell[] },
): Promise<void> {
  for (const { subject, member, notice } of told) {
    if (member === undefined || !people.some(({ id }) => id === member)) continue;
    const stage = { to: { member }, subject, approvalId: null, notice, state: "planned", at: ctx.now } as const;
    await addFirstStage(tx, ctx.workspaceId, stage);
  }
}

/** The DRI, and the named owners who are members: a registration may name them by address or by name. */
function ownersAmong(
  { owners, dri_now }: Pick<RoutedApproval, "owners" | "dri_now">,
  people: readonly ToldPerson[],
): readonly string[] {
  const named = new Set(owners.map((owner) => owner.toLowerCase()));
  return people
    .filter(({ id, email, name }) => id === dri_now || named.has(email) || named.has(name.toLowerCase()))
    .map(({ id }) => id);
}

function eligibleAmong(request: RoutedApproval, people: readonly ToldPerson[]): ReadonlySet<string> {
  const own = (id: string) => request.separation_of_duties && (id === request.dri_now || id === request.dri_at_request);
  return new Set(
    people.filter(({ id, roles }) => roles.includes(request.approver_role) && !own(id)).map(({ id }) => id),
  );
}

async function plan(tx: Tx, ctx: ServiceContext, people: readonly ToldPerson[]): Promise<void> {
  const planned = await listPlanned(tx, ctx.workspaceId, ctx.now);
  if (planned.length === 0) return;
  const sends = new Map(await listSends(tx, ctx.workspaceId, ctx.now));
  for (const { id, member_id: memberId, band } of planned) {
    const person = people.find((one) => one.id === memberId);
    const sent = sends.get(memberId) ?? [];
    // Somebody who cannot be reached any more keeps what was meant for them in the digest, which is never sent to nobody.
    const next = person ? planFor(band, person.wants, sent, ctx.now) : ({ do: "digest" } as const);
    if (next.do === "wait") await planDelivery(tx, ctx.workspaceId, id, { state: "planned", dueAt: next.until });
    else if (next.do === "digest") await planDelivery(tx, ctx.workspaceId, id, { state: "digest", dueAt: ctx.now });
    else {
      await planDelivery(tx, ctx.workspaceId, id, { state: "pending", dueAt: ctx.now });
      const release = { at: ctx.now, digest: false };
      await insertSend(tx, ctx.workspaceId, memberId, release);
      sends.set(memberId, [...sent, release]);
    }
  }
}
