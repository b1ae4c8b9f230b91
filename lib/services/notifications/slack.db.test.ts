import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createApp } from "@/lib/api/app";
import { AddDestinationInput } from "@/lib/core/notifications/schema";
import { transact } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { givenApproval } from "@/lib/testing/approval";
import { type FakeSlack, startSlack, worldOf } from "@/lib/testing/receivers";
import { outboxCaughtUp } from "@/lib/testing/outbox";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { castVote } from "../approvals/cast-vote";
import { readApproval } from "../approvals/read-approval";
import { listEntries } from "../ledger/list-entries";
import { disableMember } from "../workspaces/disable-member";
import { addDestination } from "./add-destination";
import { answerSlack } from "./answer-slack";
import { linkSlack } from "./link-slack";
import { listDestinations } from "./list-destinations";
import { makeSlackCode } from "./make-slack-code";
import type { Outside } from "./outside";
import { queueDeliveries } from "./queue-deliveries";
import { sendDeliveries } from "./send-deliveries";

const TOKEN = "xoxb-test-token-1";
const SIGNING = "5f".repeat(16);
const app = createApp({ draining: false });

let slack: FakeSlack;
let world: Outside;
let tenant: Tenant;
let admin: Person;
let reviewer: Person;
let dri: Person;
let destination: string;

beforeAll(async () => {
  slack = await startSlack(TOKEN);
  world = worldOf({ slackUrl: slack.url });
  tenant = await givenTenant();
  [admin, reviewer, dri] = [
    await tenant.person("admin"),
    await tenant.person("reviewer"),
    await tenant.person("viewer"),
  ];
  await queueDeliveries(tenant.system, world);
  ({ destination } = await addDestination(admin, channel(), world));
  await linkSlack(admin, { member: reviewer.actor.memberId, slack_user_id: "U00REVIEWER" });
});
afterAll(() => slack.stop());

const channel = (address = "C0123456789") =>
  AddDestinationInput.parse({
    kind: "slack",
    name: "Desk channel",
    address,
    events: ["approval.waiting"],
    bot_token: TOKEN,
    signing_secret: SIGNING,
  });

async function round(ms = 0) {
  const ctx = { ...tenant.system, now: new Date(Date.now() + ms) };
  await outboxCaughtUp(ctx.db);
  await queueDeliveries(ctx, world);
  await (await sendDeliveries(ctx, world)).done;
}

/** A request that waits and is in the channel. */
async function posted(more: object = {}) {
  const asked = await givenApproval(tenant, { dri, ...more });
  await transact(tenant.system.db, (tx) =>
    insertOutboxEvent(tx, tenant.workspaceId, { topic: "approval.waiting", payload: { approval_id: asked.id } }),
  );
  await round();
  const { deliveries } = await listDestinations(admin);
  const delivery = deliveries.find(({ path, kind }) => kind === "slack" && path.endsWith(asked.id));
  const post = slack.posts.find(({ blocks }) => JSON.stringify(blocks).includes(asked.id));
  if (!delivery || !post) throw new Error("it is not in the channel");
  return { ...asked, delivery: delivery.id, post };
}

const press = (delivery: string, user = "U00REVIEWER", more: object = {}) =>
  `payload=${encodeURIComponent(
    JSON.stringify({
      type: "block_actions",
      trigger_id: randomUUID(),
      user: { id: user, username: "whoever" },
      channel: { id: "C0123456789" },
      actions: [{ action_id: "interlock.deny", value: delivery, type: "button" }],
      ...more,
    }),
  )}`;

/** Sends bytes as Slack does, through the service with a world that is all here. */
function send(body: string, { secret = SIGNING, at = new Date(), now = new Date() } = {}) {
  const { headers } = slack.signed(body, secret, at);
  const timestamp = headers["x-slack-request-timestamp"] ?? "";
  const signature = headers["x-slack-signature"] ?? "";
  return answerSlack({ timestamp, signature, body: Buffer.from(body) }, { now, world });
}
const forged = { code: "unauthenticated", reason: "slack_signature" };

describe("a message in Slack", () => {
  test("is one, edited in place when it is decided, with no way to answer it left", async () => {
    const asked = await posted();
    expect(JSON.stringify(asked.post.blocks)).toContain('"Deny"');
    await castVote(reviewer, { approval_id: asked.id, verdict: "approve", display_digest: asked.digest });
    await round();
    expect(asked.post).toMatchObject({ edits: 1, text: expect.stringContaining("Approved once by Test reviewer") });
    expect(JSON.stringify(asked.post.blocks)).not.toContain('"Deny"');
    expect(slack.posts.filter(({ blocks }) => JSON.stringify(blocks).includes(asked.id))).toHaveLength(1);
  });

  test("waits as long as Slack asks when there are too many, and a missing channel is an error to read", async () => {
    slack.limitOnce(30);
    const asked = await givenApproval(tenant, { dri });
    await transact(tenant.system.db, (tx) =>
      insertOutboxEvent(tx, tenant.workspaceId, { topic: "approval.waiting", payload: { approval_id: asked.id } }),
    );
    const find = async () => (await listDestinations(admin)).deliveries.find(({ path }) => path.endsWith(asked.id));
    await round();
    expect(await find()).toMatchObject({ state: "pending", last_error: "Slack answered ratelimited" });
    await round(29_000);
    expect(await find()).toMatchObject({ state: "pending" });
    await round(31_000);
    expect(await find()).toMatchObject({ state: "delivered" });
    const gone = await addDestination(admin, channel("C0000000GONE"), world);
    expect(gone.secret).toBeNull();
    await expect(posted()).resolves.toBeTruthy();
    expect((await listDestinations(admin)).deliveries.map(({ last_error }) => last_error)).toContain(
      "Slack answered channel_not_found",
    );
  });
});

describe("T14: the Deny button", () => {
  test("denies in the name of the person the account is linked to, by their rights of now", async () => {
    const asked = await posted();
    expect(await send(press(asked.delivery))).toEqual({ text: null });
    expect(await readApproval(admin, asked.id)).toMatchObject({ state: "denied" });
    const { items } = await listEntries(admin, { kind: "approval.vote", limit: 1 });
    expect(items[0]?.body["actor"]).toEqual({ kind: "member", id: reviewer.actor.memberId, via: "token" });
    await round();
    expect(asked.post).toMatchObject({ edits: 1, text: expect.stringContaining("Denied by Test reviewer") });
  });

  test("takes nobody's name from the body, and no word in it approves", async () => {
    const asked = await posted();
    const named = {
      approver: reviewer.actor.memberId,
      email: reviewer.email,
      user_id: "U00REVIEWER",
      verdict: "approve",
    };
    await send(
      press(asked.delivery, "U00STRANGER", {
        ...named,
        actions: [{ action_id: "interlock.deny", value: asked.delivery, ...named }],
      }),
    );
    await send(
      press(asked.delivery, "U00REVIEWER", { actions: [{ action_id: "interlock.approve", value: asked.delivery }] }),
    );
    await send(
      press(asked.delivery, "U00REVIEWER", { actions: [{ action_id: "interlock.review", value: asked.delivery }] }),
    );
    expect(await readApproval(admin, asked.id)).toMatchObject({ state: "waiting" });
    expect(slack.whispers.at(-1)).toMatchObject({
      user: "U00STRANGER",
      text: expect.stringContaining("Open the console"),
    });
  });

  test("is refused without Slack's signature over these very bytes, after five minutes, and a second time", async () => {
    const asked = await posted();
    const body = press(asked.delivery);
    await expect(send(body, { secret: "00".repeat(16) })).rejects.toMatchObject(forged);
    await expect(send(body, { at: new Date(Date.now() - 301_000) })).rejects.toMatchObject(forged);
    await expect(send(body, { at: new Date(Date.now() + 302_000) })).rejects.toMatchObject(forged);
    const { headers } = slack.signed(body, SIGNING);
    const [timestamp, signature] = [headers["x-slack-request-timestamp"] ?? "", headers["x-slack-signature"] ?? ""];
    const bytes = Buffer.from(body.replace("deny", "deny "));
    await expect(answerSlack({ timestamp, signature, body: bytes }, { now: new Date(), world })).rejects.toMatchObject(
      forged,
    );
    await expect(send(press(randomUUID()))).rejects.toMatchObject(forged);
    await expect(send("payload=%7B")).rejects.toMatchObject(forged);
    await expect(send(`${body}&${body}`)).rejects.toMatchObject(forged);
    expect(await readApproval(admin, asked.id)).toMatchObject({ state: "waiting" });
    const sent = { timestamp, signature, body: Buffer.from(body) };
    await answerSlack(sent, { now: new Date(), world });
    await expect(answerSlack(sent, { now: new Date(), world })).rejects.toMatchObject(forged);
    expect(await readApproval(admin, asked.id)).toMatchObject({ state: "denied" });
  });

  test("a signature of another workspace's app opens nothing here", async () => {
    const asked = await posted();
    const other = await givenTenant();
    const theirs = await other.person("admin");
    await addDestination(theirs, { ...channel(), signing_secret: "77".repeat(16) } as never, world);
    await expect(send(press(asked.delivery), { secret: "77".repeat(16) })).rejects.toMatchObject(forged);
  });

  test("says why when the person may not or it is over, and somebody disabled is nobody", async () => {
    const asked = await posted();
    const viewer = await tenant.person("viewer");
    await linkSlack(admin, { member: viewer.actor.memberId, slack_user_id: "U000VIEWER1" });
    await send(press(asked.delivery, "U000VIEWER1"));
    expect(slack.whispers.at(-1)?.text).toMatch(/role/i);
    await disableMember(admin, { member: viewer.actor.memberId });
    await send(press(asked.delivery, "U000VIEWER1"));
    expect(slack.whispers.at(-1)?.text).toContain("not linked");
    await castVote(reviewer, { approval_id: asked.id, verdict: "return", note: "narrow it" });
    await send(press(asked.delivery));
    expect(slack.whispers.at(-1)?.user).toBe("U00REVIEWER");
    expect(await readApproval(admin, asked.id)).toMatchObject({ state: "returned" });
  });

  test("over HTTP: unsigned is 401, and looking at the address is no answer and changes nothing", async () => {
    const asked = await posted();
    const url = "http://localhost/api/v1/slack/interactions";
    const body = press(asked.delivery);
    expect((await app.request(url, { method: "POST", body })).status).toBe(401);
    const { headers } = slack.signed(body, "00".repeat(16));
    expect((await app.request(url, { method: "POST", body, headers })).status).toBe(401);
    for (const method of ["GET", "HEAD", "PUT", "DELETE"])
      expect((await app.request(`${url}?${body}`, { method })).status).toBe(404);
    expect(await readApproval(admin, asked.id)).toMatchObject({ state: "waiting" });
    const signed = slack.signed(body, SIGNING);
    expect((await app.request(url, { method: "POST", body, headers: signed.headers })).status).toBe(200);
    expect(await readApproval(admin, asked.id)).toMatchObject({ state: "denied" });
  });
});

describe("linking an account", () => {
  const link = (code: string, user: string) => `command=%2Finterlock&text=link+${code}&user_id=${user}&user_name=mara`;

  test("takes a code from our own page, once, in a request that Slack signed", async () => {
    const person = await tenant.person("reviewer");
    const { code } = await makeSlackCode(person);
    await expect(send(link(code, "U000NEWONE1"), { secret: "00".repeat(16) })).rejects.toMatchObject(forged);
    expect(await send(link(code, "U000NEWONE1"))).toEqual({ text: expect.stringContaining("Linked") });
    await expect(send(link(code, "U000THIEF11"))).rejects.toMatchObject(forged);
    const asked = await posted();
    await send(press(asked.delivery, "U000NEWONE1"));
    expect(await readApproval(admin, asked.id)).toMatchObject({ state: "denied" });
    await linkSlack(admin, { member: person.actor.memberId, slack_user_id: "" });
    const next = await posted();
    await send(press(next.delivery, "U000NEWONE1"));
    expect(await readApproval(admin, next.id)).toMatchObject({ state: "waiting" });
  });

  test("only administrators say who somebody is", async () => {
    const input = { member: reviewer.actor.memberId, slack_user_id: "U0000000001" };
    await expect(linkSlack(reviewer, input)).rejects.toMatchObject({ code: "forbidden" });
    expect(destination).toBeTruthy();
  });
});
