import "server-only";

import { v7 as uuidv7 } from "uuid";

import { DEFAULT_PREFERENCES, digestAt } from "@/lib/core/notifications/person";
import { digestNotice } from "@/lib/core/notifications/digest";
import type { Tx } from "@/lib/data/db";
import { addFirstStage, type Recipient } from "@/lib/data/deliveries";
import {
  insertSend,
  type KeptDelivery,
  listKept,
  listPeople,
  listSends,
  markDigested,
} from "@/lib/data/notification-people";

import type { ServiceContext } from "../context";

/** Makes one message of everything that was kept for somebody's digest, when it is time. For `queueDeliveries`. */
export async function collectDigests(tx: Tx, ctx: ServiceContext): Promise<void> {
  const kept = await listKept(tx, ctx.workspaceId);
  if (kept.length === 0) return;
  const sends = await listSends(tx, ctx.workspaceId, ctx.now);
  const people = new Map((await listPeople(tx, ctx.workspaceId)).map((person) => [person.id, person]));
  for (const [key, messages] of byRecipient(kept)) {
    const [first] = messages;
    if (!first) continue;
    const person = people.get(key);
    // Who was disabled or wants nothing is told when that changes.
    if (first.member_id !== null && (!person || person.wants.channel === "none")) continue;
    const due = digestAt(person?.wants ?? DEFAULT_PREFERENCES, sends.get(key) ?? [], first.created_at);
    if (due > ctx.now) continue;
    const id = uuidv7();
    const notice = digestNotice(
      messages.map(({ notice: one }) => one),
      ctx.now,
    );
    const to: Recipient = first.member_id === null ? { destination: key } : { member: key };
    await addFirstStage(tx, ctx.workspaceId, {
      to,
      subject: `digest:${id}`,
      approvalId: null,
      notice,
      state: "pending",
      at: ctx.now,
    });
    await markDigested(
      tx,
      ctx.workspaceId,
      messages.map((message) => message.id),
      id,
    );
    if (first.member_id !== null) await insertSend(tx, ctx.workspaceId, key, { at: ctx.now, digest: true });
  }
}

function byRecipient(kept: readonly KeptDelivery[]): ReadonlyMap<string, readonly KeptDelivery[]> {
  const groups = new Map<string, KeptDelivery[]>();
  for (const message of kept) {
    const key = message.destination_id ?? message.member_id ?? "";
    const group = groups.get(key) ?? [];
    group.push(message);
    groups.set(key, group);
  }
  return groups;
}
