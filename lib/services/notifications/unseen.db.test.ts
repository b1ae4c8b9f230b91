import { beforeEach, describe, expect, test } from "vitest";

import { DEFAULT_PREFERENCES } from "@/lib/core/notifications/person";
import { AddDestinationInput } from "@/lib/core/notifications/schema";
import { transact } from "@/lib/data/db";
import { findDeliveryLag } from "@/lib/data/health";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { insertApprovalView } from "@/lib/data/approvals";
import { givenApproval } from "@/lib/testing/approval";
import { startMailbox, startReceiver, worldOf } from "@/lib/testing/receivers";
import { outboxCaughtUp } from "@/lib/testing/outbox";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { expireApprovals } from "../approvals/expire-approvals";
import { listEntries } from "../ledger/list-entries";
import { showOverview } from "../overview/show-overview";
import { addDestination } from "./add-destination";
import { queueDeliveries } from "./queue-deliveries";
import { raiseUnseen } from "./raise-unseen";
import { sendDeliveries } from "./send-deliveries";
import { setPreferences } from "./set-preferences";

let tenant: Tenant;
let admin: Person;
let dri: Person;
let reviewer: Person;
const world = worldOf();

beforeEach(async () => {
  tenant = await givenTenant();
  [admin, dri, reviewer] = [
    await tenant.person("admin"),
    await tenant.person("viewer"),
    await tenant.person("reviewer"),
  ];
  await queueDeliveries(tenant.system, world);
});

const later = (ms: number) => ({ ...tenant.system, now: new Date(Date.now() + ms) });
const raisedOf = async () =>
  (await listEntries(admin, { kind: "approval.unseen", limit: 10 })).items.map(({ body }) => body["details"]);

describe("requested but never seen", () => {
  test("is raised once at half of the time, and once when it expired so; both are counted in ledger and overview", async () => {
    const asked = await givenApproval(tenant, { dri, expiresInMs: 1_200 });
    expect(await raiseUnseen(later(0))).toEqual({ raised: 0 });
    expect(await raiseUnseen(later(700))).toEqual({ raised: 1 });
    expect(await raiseUnseen(later(800))).toEqual({ raised: 0 });
    expect((await showOverview(admin)).unseen).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await expireApprovals(tenant.system);
    expect(await raiseUnseen(later(0))).toEqual({ raised: 1 });
    expect(await raiseUnseen(later(0))).toEqual({ raised: 0 });
    expect(await raisedOf()).toMatchObject([
      { approval_id: asked.id, when: "expired" },
      { approval_id: asked.id, when: "half" },
    ]);
    expect((await showOverview(admin)).unseen).toBe(1);
  });

  test("is not, once somebody who could answer has looked; a viewer's look is none", async () => {
    const asked = await givenApproval(tenant, { dri, expiresInMs: 60_000 });
    await insertApprovalView(tenant.system.db, tenant.workspaceId, asked.id, dri.actor.memberId);
    const other = await givenApproval(tenant, { dri, expiresInMs: 60_000 });
    await insertApprovalView(tenant.system.db, tenant.workspaceId, other.id, reviewer.actor.memberId);
    expect(await raiseUnseen(later(40_000))).toEqual({ raised: 1 });
    expect(await raisedOf()).toMatchObject([{ approval_id: asked.id, when: "half" }]);
  });

  test("is not at half of the time, where a message about it arrived; one that did not arrive is no message", async () => {
    let status = 500;
    const receiver = await startReceiver((_request, response) => response.writeHead(status).end());
    const input = {
      kind: "webhook",
      name: "Hook",
      address: receiver.url,
      events: ["approval.waiting", "approval.unseen"],
    };
    await addDestination(admin, AddDestinationInput.parse(input), world);
    const ask = async () => {
      const { id } = await givenApproval(tenant, { dri, expiresInMs: 60_000 });
      await transact(tenant.system.db, (tx) =>
        insertOutboxEvent(tx, tenant.workspaceId, { topic: "approval.waiting", payload: { approval_id: id } }),
      );
      await outboxCaughtUp(tenant.system.db);
      await queueDeliveries(later(0), world);
      await (await sendDeliveries(later(0), world)).done;
      return id;
    };
    const lost = await ask();
    status = 200;
    await (await sendDeliveries(later(6_000), world)).done; // frees the destination, and tells of the first
    status = 500;
    const second = await ask();
    expect(await raiseUnseen(later(40_000))).toEqual({ raised: 1 });
    expect(await raisedOf()).toMatchObject([{ approval_id: second }]);
    expect(lost).not.toBe(second);
    status = 200;
    await outboxCaughtUp(tenant.system.db);
    await queueDeliveries(later(41_000), world);
    for (let n = 0; n < 3; n += 1) await (await sendDeliveries(later(42_000 + n), world)).done;
    const told = receiver.received.map(({ body }) => JSON.parse(body));
    expect(told.at(-1)).toMatchObject({
      type: "approval.unseen",
      data: { subject: `approval:${second}`, state: "waiting" },
    });
    await receiver.stop();
  });

  test("reaches the administrators, whatever they look after", async () => {
    const box = await startMailbox();
    const mailed = worldOf({ mail: { url: box.url, from: "interlock@example.com", allowPlain: true } });
    for (const person of [dri, reviewer]) await setPreferences(person, { ...DEFAULT_PREFERENCES, channel: "none" });
    await givenApproval(tenant, { dri, expiresInMs: 60_000 });
    await raiseUnseen(later(31_000));
    await outboxCaughtUp(tenant.system.db);
    await queueDeliveries(later(20_000), mailed);
    await (await sendDeliveries(later(20_000), mailed)).done;
    expect(box.mails.map(({ to, mail }) => [to, mail.subject])).toEqual([
      [[admin.email], "Never seen: SEND customer email · production"],
    ]);
    await box.stop();
  });
});

test("how far messages are behind is measured", async () => {
  const { due_seconds, read_seconds } = await findDeliveryLag();
  expect(due_seconds).toBeGreaterThanOrEqual(0);
  expect(read_seconds).toBeGreaterThan(0);
});
