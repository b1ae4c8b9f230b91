import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, test } from "vitest";

import { AddDestinationInput, type DestinationKind } from "@/lib/core/notifications/schema";
import { transact } from "@/lib/data/db";
import { holdOutbox } from "@/lib/data/delivery-queue";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { givenApproval } from "@/lib/testing/approval";
import { outboxCaughtUp } from "@/lib/testing/outbox";
import { type Receiver, startReceiver, worldOf } from "@/lib/testing/receivers";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { castVote } from "../approvals/cast-vote";
import { addDestination } from "./add-destination";
import type { Outside } from "./outside";
import { listDestinations } from "./list-destinations";
import { queueDeliveries } from "./queue-deliveries";
import { releaseDeliveries } from "./release-deliveries";
import { removeDestination } from "./remove-destination";
import { retryDelivery } from "./retry-delivery";
import { rotateSecret } from "./rotate-secret";
import { sendDeliveries } from "./send-deliveries";
import { sendTest } from "./send-test";
import { switchDestination } from "./switch-destination";

let tenant: Tenant;
let admin: Person;
let dri: Person;
const world = worldOf();

beforeAll(async () => {
  [tenant, admin, dri] = await fresh();
});

async function fresh(): Promise<[Tenant, Person, Person]> {
  const made = await givenTenant();
  const people = [await made.person("admin", "reviewer"), await made.person("viewer")] as const;
  await queueDeliveries(made.system, world); // the place in the outbox: from here on
  return [made, ...people];
}

const later = (ms: number, of: Tenant = tenant) => ({ ...of.system, now: new Date(Date.now() + ms) });

const webhook = (url: string, more: object = {}) =>
  addDestination(
    admin,
    AddDestinationInput.parse({
      kind: "webhook" satisfies DestinationKind,
      name: "Hook",
      address: url,
      events: ["approval.waiting"],
      ...more,
    }),
    world,
  );

/** A request that waits, said as the commit says it. */
async function waiting(more: object = {}) {
  const asked = await givenApproval(tenant, { dri, ...more });
  await event("approval.waiting", { approval_id: asked.id });
  return asked;
}
const event = (topic: string, payload: Record<string, string>) =>
  transact(tenant.system.db, (tx) => insertOutboxEvent(tx, tenant.workspaceId, { topic, payload }));

/** One round of the job, waited for to its end. */
async function round(ms = 0, how: Outside = world): Promise<number> {
  await outboxCaughtUp(tenant.system.db);
  await queueDeliveries(later(ms), how);
  let begun = 0;
  for (;;) {
    const sending = await sendDeliveries(later(ms), how);
    await sending.done;
    if (sending.begun === 0) return begun;
    begun += sending.begun;
  }
}
const idsOf = ({ received }: Receiver) => received.map(({ headers }) => headers["webhook-id"]);

describe("webhooks", () => {
  test("T108: each message verifies with the library of the standard, an altered byte or time does not, and two secrets overlap", async () => {
    const receiver = await startReceiver();
    const { destination, secret } = await webhook(receiver.url);
    await waiting();
    await round();
    const { secret: next } = await rotateSecret(admin, { destination });
    await waiting();
    await round();
    const [first, second] = receiver.received;
    if (!first || !second || secret === null) throw new Error("nothing arrived");
    expect(new Webhook(secret).verify(first.body, first.headers)).toMatchObject({ type: "approval.waiting" });
    for (const key of [secret, next]) expect(() => new Webhook(key).verify(second.body, second.headers)).not.toThrow();
    expect(() => new Webhook(next).verify(first.body, first.headers)).toThrow(/no matching/i);
    expect(() => new Webhook(secret).verify(first.body.replace("waiting", "settled"), first.headers)).toThrow(
      /no matching/i,
    );
    const shifted = { ...first.headers, "webhook-timestamp": String(Number(first.headers["webhook-timestamp"]) + 1) };
    expect(() => new Webhook(secret).verify(first.body, shifted)).toThrow(/no matching/i);
    const old = { ...first.headers, "webhook-timestamp": String(Number(first.headers["webhook-timestamp"]) - 400) };
    expect(() => new Webhook(secret).verify(first.body, old)).toThrow(/too old/i);
    // A day later only the new one signs.
    await waiting();
    await round(25 * 3_600_000);
    const last = receiver.received.at(-1);
    expect(last?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
    await removeDestination(admin, { destination });
    await receiver.stop();
  });

  test("one message an action: waiting, then what became of it, under one subject and without an argument's value", async () => {
    const receiver = await startReceiver();
    const { destination } = await webhook(receiver.url, { least_band: "elevated" });
    const asked = await waiting({
      call: { args: { to: "secret-person@example.com" }, rationale: { goal: "trust me, harmless" } },
    });
    await waiting({ band: "low" });
    await round();
    await castVote(admin, { approval_id: asked.id, verdict: "deny", note: "no" });
    await round();
    await round();
    const told = receiver.received.map(({ body }) => JSON.parse(body));
    expect(told).toMatchObject([
      { type: "approval.waiting", data: { subject: `approval:${asked.id}`, state: "waiting", decided_by: [] } },
      {
        type: "approval.settled",
        data: { subject: `approval:${asked.id}`, state: "denied", decided_by: ["Test admin reviewer"] },
      },
    ]);
    expect(new Set(idsOf(receiver)).size).toBe(2);
    expect(JSON.stringify(receiver.received)).not.toMatch(/secret-person|harmless/);
    const mine = (await listDestinations(admin)).deliveries.filter(({ path }) => path.endsWith(asked.id));
    expect(mine).toMatchObject([{ state: "delivered", told: 2, stages: 2, last_error: null }]);
    await removeDestination(admin, { destination });
    await receiver.stop();
  });

  test("a failure is tried again later under the same id; what a day does not mend is given up and can be sent by hand", async () => {
    let up = false;
    const receiver = await startReceiver((_request, response) => response.writeHead(up ? 200 : 500).end());
    const { destination } = await webhook(receiver.url);
    await waiting();
    expect(await round()).toBe(1);
    expect(await round()).toBe(0);
    const find = async () =>
      (await listDestinations(admin)).deliveries.find(({ to, state }) => to === "Hook" && state !== "delivered");
    expect(await find()).toMatchObject({ state: "pending", attempts: 1, last_error: "the receiver answered 500" });
    expect(await round(6_000)).toBe(1);
    expect(await round(86_400_000)).toBe(1);
    const dead = await find();
    expect(dead).toMatchObject({ state: "dead", attempts: 3 });
    up = true;
    await retryDelivery(admin, { delivery: dead?.id ?? "" });
    expect(await round(1_000)).toBe(1);
    expect(await find()).toBeUndefined();
    expect(new Set(idsOf(receiver)).size).toBe(1);
    await expect(retryDelivery(admin, { delivery: dead?.id ?? "" })).rejects.toMatchObject({ code: "conflict" });
    await removeDestination(admin, { destination });
    await receiver.stop();
  });

  test("a destination that fails for an hour, or says it is gone, is switched off and says so", async () => {
    let status = 500;
    const receiver = await startReceiver((_request, response) => response.writeHead(status).end());
    const { destination } = await webhook(receiver.url);
    const state = async () => (await listDestinations(admin)).items.find(({ id }) => id === destination);
    for (let at = 0; at < 22; at += 1) {
      await waiting();
      await round(at * 200_000);
    }
    expect(await state()).toMatchObject({ state: "failing" });
    const before = receiver.received.length;
    await waiting();
    await round(9_000_000);
    expect(receiver.received.length).toBe(before);
    status = 410;
    await switchDestination(admin, { destination, on: "on" });
    expect(await state()).toMatchObject({ state: "on", failures: 0 });
    await waiting();
    await round(9_500_000);
    expect(await state()).toMatchObject({ state: "failing" });
    await removeDestination(admin, { destination });
    await receiver.stop();
  });

  test("a test is really sent, and its answer shown", async () => {
    const receiver = await startReceiver();
    const { destination } = await webhook(receiver.url);
    expect(await sendTest(admin, { destination }, world)).toEqual({ ok: true, answer: "The receiver took it." });
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({ type: "test" });
    await receiver.stop();
    expect(await sendTest(admin, { destination }, world)).toEqual({ ok: false, answer: "the receiver did not answer" });
    await removeDestination(admin, { destination });
  });

  test("only administrators set destinations up, see them or send tests", async () => {
    const { destination } = await webhook("http://127.0.0.1:9");
    for (const role of ["viewer", "reviewer", "operator", "policy_admin"] as const) {
      const person = await tenant.person(role);
      const refused = { code: "forbidden", reason: "role_missing" };
      await expect(listDestinations(person)).rejects.toMatchObject(refused);
      await expect(sendTest(person, { destination }, world)).rejects.toMatchObject(refused);
      await expect(rotateSecret(person, { destination })).rejects.toMatchObject(refused);
      await expect(removeDestination(person, { destination })).rejects.toMatchObject(refused);
      await expect(switchDestination(person, { destination, on: "off" })).rejects.toMatchObject(refused);
    }
    const other = await (await givenTenant()).person("admin");
    await expect(sendTest(other, { destination }, world)).rejects.toMatchObject({ code: "not_found" });
    await removeDestination(admin, { destination });
  });
});

describe("R22: one destination of ten that hangs for ever", () => {
  test("keeps none of the other nine waiting", { timeout: 60_000 }, async () => {
    [tenant, admin, dri] = await fresh();
    const hanging = await startReceiver(() => undefined);
    const others = await Promise.all(Array.from({ length: 9 }, () => startReceiver()));
    for (const { url } of [hanging, ...others]) await webhook(url);
    const asked = new Map<string, number>();
    const ended: Promise<void>[] = [];
    for (let n = 0; n < 30; n += 1) {
      const { id } = await waiting();
      await outboxCaughtUp(tenant.system.db); // what other tests hold up is not ours to measure
      asked.set(`approval:${id}`, Date.now());
      await queueDeliveries(later(0), world);
      ended.push((await sendDeliveries(later(0), world)).done);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    for (let n = 0; n < 20; n += 1) {
      await queueDeliveries(later(0), world);
      ended.push((await sendDeliveries(later(0), world)).done);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const waits = others.flatMap(({ received }) =>
      received.map(({ body, at }) => at - (asked.get(JSON.parse(body).data.subject) ?? 0)),
    );
    expect(waits).toHaveLength(9 * 30);
    const p99 = waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Infinity;
    expect(p99).toBeLessThan(2_000);
    expect(hanging.received.length).toBeGreaterThan(0);
    await hanging.stop();
    await Promise.all([...ended, ...others.map(({ stop }) => stop())]);
  });
});

describe("T116: after a restore", () => {
  test("nothing is sent until somebody says so, and nothing old ever by itself", async () => {
    [tenant, admin, dri] = await fresh();
    const receiver = await startReceiver();
    await webhook(receiver.url);
    await waiting();
    await outboxCaughtUp(tenant.system.db);
    await queueDeliveries(later(0), world);
    await transact(tenant.system.db, (tx) => holdOutbox(tx, tenant.workspaceId));
    await waiting();
    expect(await queueDeliveries(later(0), world)).toBeNull();
    expect(await round()).toBe(0);
    expect((await listDestinations(admin)).heldSince).not.toBeNull();
    await expect(releaseDeliveries(await tenant.person("operator"))).rejects.toMatchObject({ code: "forbidden" });
    expect(await releaseDeliveries(admin)).toEqual({ kept: 1 });
    await waiting();
    expect(await round()).toBe(1);
    const { deliveries } = await listDestinations(admin);
    expect(deliveries.map(({ state }) => state)).toEqual(["delivered", "held"]);
    await retryDelivery(admin, { delivery: deliveries[1]?.id ?? "" });
    expect(await round(1_000)).toBe(1);
    expect(receiver.received).toHaveLength(2);
    await receiver.stop();
  });
});
