import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";

import { transact } from "@/lib/data/db";
import { upsertCallback } from "@/lib/data/callbacks";
import { sealSecret } from "@/lib/platform/sealed";
import { givenApproval } from "@/lib/testing/approval";
import { outboxCaughtUp } from "@/lib/testing/outbox";
import { startReceiver, worldOf } from "@/lib/testing/receivers";
import { givenTenant } from "@/lib/testing/tenant";

import { callbackLabel } from "../agents/set-callback";
import { castVote } from "../approvals/cast-vote";
import { listDestinations } from "./list-destinations";
import { queueDeliveries } from "./queue-deliveries";
import { sendDeliveries } from "./send-deliveries";

const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;

test("an agent is told at its address what became of its request, signed, again until it takes it, and never inside without leave", async () => {
  const tenant = await givenTenant();
  const [dri, reviewer, admin] = [
    await tenant.person("viewer"),
    await tenant.person("reviewer"),
    await tenant.person("admin"),
  ];
  const world = worldOf();
  await queueDeliveries(tenant.system, world);
  let status = 503;
  const receiver = await startReceiver((_request, response) => response.writeHead(status).end());
  const asked = await givenApproval(tenant, { dri });
  const sealedSecret = sealSecret(SECRET, callbackLabel(tenant.workspaceId, asked.agentId));
  await transact(tenant.system.db, (tx) =>
    upsertCallback(tx, tenant.workspaceId, { agentId: asked.agentId, url: receiver.url, sealedSecret }),
  );
  const round = async (ms: number, how = world) => {
    await outboxCaughtUp(tenant.system.db);
    const ctx = { ...tenant.system, now: new Date(Date.now() + ms) };
    await queueDeliveries(ctx, how);
    await (await sendDeliveries(ctx, how)).done;
  };
  await castVote(reviewer, { approval_id: asked.id, verdict: "return", note: "Name the ids instead." });
  await round(0, worldOf({ allowPrivate: false }));
  expect(receiver.received).toEqual([]);
  const state = async () => (await listDestinations(admin)).deliveries.find(({ kind }) => kind === "agent");
  expect(await state()).toMatchObject({ state: "pending", last_error: expect.stringContaining("https") });
  await round(6_000);
  status = 200;
  await round(20_000);
  expect(receiver.received).toHaveLength(2);
  const [first, second] = receiver.received;
  if (!first || !second) throw new Error("nothing arrived");
  expect(first.headers["webhook-id"]).toBe(second.headers["webhook-id"]);
  expect(JSON.parse(second.body)).toMatchObject({
    type: "approval.settled",
    data: { approval_id: asked.id, state: "returned", note: "Name the ids instead.", superseded_by: null },
  });
  expect(() => new Webhook(SECRET).verify(second.body, second.headers)).not.toThrow();
  expect(() => new Webhook(SECRET).verify(`${second.body} `, second.headers)).toThrow(/no matching/i);
  expect(await state()).toMatchObject({ state: "delivered", attempts: 3 });
  await receiver.stop();
});
