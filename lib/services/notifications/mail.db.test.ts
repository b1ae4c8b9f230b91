import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { sendMail } from "@/lib/clients/mail";
import type { Band } from "@/lib/core/decisions/schema";
import { DEFAULT_PREFERENCES, type Preferences } from "@/lib/core/notifications/person";
import { AddDestinationInput } from "@/lib/core/notifications/schema";
import { transact } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { givenApproval } from "@/lib/testing/approval";
import { type Mailbox, startMailbox, startReceiver, worldOf } from "@/lib/testing/receivers";
import { outboxCaughtUp } from "@/lib/testing/outbox";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { castVote } from "../approvals/cast-vote";
import { takeBatch } from "../approvals/take-batch";
import { addDestination } from "./add-destination";
import { listDestinations } from "./list-destinations";
import type { Outside } from "./outside";
import { queueDeliveries } from "./queue-deliveries";
import { sendDeliveries } from "./send-deliveries";
import { setPreferences } from "./set-preferences";
import { setRota } from "./set-rota";

const FROM = "interlock@example.com";
const HOUR = 3_600_000;

let box: Mailbox;
let world: Outside;
let tenant: Tenant;
let admin: Person;
let dri: Person;

beforeEach(async () => {
  box = await startMailbox();
  world = worldOf({ mail: { url: box.url, from: FROM, allowPlain: true } });
  tenant = await givenTenant();
  [admin, dri] = [await tenant.person("admin"), await tenant.person("viewer")];
  for (const person of [admin, dri]) await setPreferences(person, { ...DEFAULT_PREFERENCES, channel: "none" });
  await queueDeliveries(tenant.system, world);
});
afterEach(() => box.stop());

async function round(ms = 0, how = world) {
  const ctx = { ...tenant.system, now: new Date(Date.now() + ms) };
  await outboxCaughtUp(ctx.db);
  await queueDeliveries(ctx, how);
  for (;;) {
    const { begun, done } = await sendDeliveries(ctx, how);
    await done;
    if (begun === 0) return;
  }
}
async function waiting(band: Band = "elevated", more: object = {}) {
  const asked = await givenApproval(tenant, { dri, band, expiresInMs: 24 * HOUR, ...more });
  await transact(tenant.system.db, (tx) =>
    insertOutboxEvent(tx, tenant.workspaceId, { topic: "approval.waiting", payload: { approval_id: asked.id } }),
  );
  return asked;
}
const mailbox = (address = "desk@example.com") =>
  addDestination(
    admin,
    AddDestinationInput.parse({ kind: "email", name: "Desk", address, events: ["approval.waiting"] }),
    world,
  );
const subjects = () => box.mails.map(({ mail }) => mail.subject);
const prefer = (person: Person, change: Partial<Preferences>) =>
  setPreferences(person, { ...DEFAULT_PREFERENCES, ...change });

describe("a mailbox", () => {
  test("gets one message, and what became of it in the same thread", async () => {
    await mailbox();
    const reviewer = await tenant.person("reviewer");
    await prefer(reviewer, { channel: "none" });
    const asked = await waiting();
    await round();
    await castVote(reviewer, { approval_id: asked.id, verdict: "deny", note: "no" });
    await round();
    const [first, second] = box.mails;
    expect(box.mails).toHaveLength(2);
    expect(first).toMatchObject({
      to: ["desk@example.com"],
      mail: { subject: "Waiting: SEND customer email · production" },
    });
    expect(first?.mail.text).toContain(`Review: http://interlock.test/approvals/${asked.id}`);
    expect(second?.mail).toMatchObject({
      subject: "Re: Denied by Test reviewer: SEND customer email · production",
      inReplyTo: first?.mail.messageId,
      references: first?.mail.messageId,
    });
    expect(JSON.stringify(box.mails)).not.toContain("a@example.com");
  });

  test("gets Low in one list an hour", async () => {
    await mailbox();
    await waiting("low");
    await waiting("low");
    await round();
    expect(box.mails).toEqual([]);
    await round(HOUR + 1_000);
    expect(subjects()).toEqual(["2 messages, 2 waiting when they were written"]);
    expect(box.mails[0]?.mail.text?.match(/Waiting: SEND customer email/g)).toHaveLength(2);
  });
});

describe("what a mail server answers", () => {
  test("4xx is tried again and arrives once; 5xx is given up with the server's words", async () => {
    await box.stop();
    let temporary = true;
    box = await startMailbox({
      onRcptTo({ address }, _session, done) {
        if (address.startsWith("gone@")) done(Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
        else if (temporary) done(Object.assign(new Error("come back later"), { responseCode: 451 }));
        else done();
      },
    });
    world = worldOf({ mail: { url: box.url, from: FROM, allowPlain: true } });
    await mailbox();
    await mailbox("gone@example.com");
    await waiting();
    await round();
    const { deliveries } = await listDestinations(admin);
    expect(deliveries.map(({ state, last_error }) => [state, last_error])).toEqual(
      expect.arrayContaining([
        ["pending", expect.stringContaining("451")],
        ["dead", expect.stringMatching(/550.*no such mailbox/)],
      ]),
    );
    temporary = false;
    await round(6_000);
    expect(box.mails).toHaveLength(1);
  });

  test("a refused sign-in, a server without TLS and one that is away are said, and none of them is final", async () => {
    const mail = { to: "a@example.com", subject: "s", text: "t", messageId: "<1@x>", inReplyTo: null };
    const strict = await startMailbox({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error("wrong password")),
    });
    const signedIn = strict.url.replace("smtp://", "smtp://user:wrong@");
    expect(await sendMail({ url: signedIn, from: FROM, allowPlain: true }, mail)).toEqual({
      ok: false,
      error: "the mail server refused the sign-in",
      final: false,
    });
    expect(await sendMail({ url: box.url, from: FROM, allowPlain: false }, mail)).toEqual({
      ok: false,
      error: "the mail server offers no TLS we trust",
      final: false,
    });
    expect(await sendMail({ url: "smtp://127.0.0.1:9", from: FROM, allowPlain: true }, mail)).toEqual({
      ok: false,
      error: "the mail server did not answer",
      final: false,
    });
    const untrusted = await startMailbox({ disabledCommands: [] });
    expect(await sendMail({ url: untrusted.url, from: FROM, allowPlain: false }, mail)).toMatchObject({
      ok: false,
      final: false,
    });
    expect(untrusted.mails).toEqual([]);
    await Promise.all([strict.stop(), untrusted.stop()]);
  });

  test("T82, T83: a line break never becomes a header and an address never a list", async () => {
    const server = { url: box.url, from: FROM, allowPlain: true };
    const mail = { to: "a@example.com", subject: "s", text: "t", messageId: "<1@x>", inReplyTo: null };
    for (const evil of [
      { subject: "s\r\nBcc: b@example.com" },
      { to: "a@example.com\nBcc: b@example.com" },
      { messageId: "<1@x>\r\nX: y" },
    ])
      expect(await sendMail(server, { ...mail, ...evil })).toMatchObject({ ok: false, final: true });
    for (const to of ["a@example.com,b@example.com", "a@example.com, b@example.com", "<b@example.com> a@example.com"]) {
      await sendMail(server, { ...mail, to });
      for (const one of box.mails) expect(one.to).toHaveLength(1);
      expect(box.mails.some((one) => one.to.includes("b@example.com"))).toBe(false);
    }
  });
});

describe("people", () => {
  test("owners first, then whoever is on call, then everybody who may answer", async () => {
    const [mara, noor] = [await tenant.person("reviewer"), await tenant.person("reviewer")];
    await prefer(dri, {});
    await setRota(admin, { members: [mara.actor.memberId], now: mara.actor.memberId });
    const asked = await waiting("high", { expiresInMs: 400_000 });
    await round();
    const told = () => box.mails.flatMap(({ to }) => to).toSorted();
    expect(told()).toEqual([dri.email, mara.email].toSorted());
    await round(150_000);
    expect(told()).toHaveLength(2);
    await round(210_000);
    expect(told()).toEqual([dri.email, mara.email, noor.email].toSorted());
    expect(subjects().at(-1)).toContain("Still waiting");
    await castVote(noor, { approval_id: asked.id, verdict: "deny", note: "" });
    await round(220_000);
    expect(subjects().filter((subject) => subject?.startsWith("Re: Denied"))).toHaveLength(3);
  });

  test("somebody who has taken it into their batch silences whoever is on call, until half of its time", async () => {
    const [mara, noor] = [await tenant.person("reviewer"), await tenant.person("reviewer")];
    await prefer(mara, { channel: "none" });
    await waiting("high", { expiresInMs: 400_000 });
    await takeBatch(mara, {});
    await round();
    await round(150_000);
    expect(box.mails).toEqual([]);
    await round(210_000);
    expect(box.mails.map(({ to }) => to)).toEqual([[noor.email]]);
  });

  test("quiet hours hold and send after; a Critical one comes through where the person lets it", async () => {
    const mara = await tenant.person("reviewer");
    const minute = new Date().getUTCHours() * 60 + new Date().getUTCMinutes();
    const quiet = { from: (minute + 1_430) % 1_440, to: (minute + 60) % 1_440 };
    await prefer(mara, { quiet, critical_breaks: true });
    await waiting("high");
    await waiting("critical");
    await round();
    expect(subjects()).toEqual(["Waiting: SEND customer email · production"]);
    expect(box.mails[0]?.mail.text).toContain("Risk: Critical");
    await round(61 * 60_000);
    expect(box.mails).toHaveLength(2);
  });

  test("the hour's cap holds, what is over it comes in a list, and what was decided meanwhile is said there", async () => {
    const mara = await tenant.person("reviewer");
    const other = await tenant.person("reviewer");
    await prefer(other, { channel: "none" });
    await prefer(mara, { hourly_cap: 3 });
    const asked = [];
    for (let n = 0; n < 6; n += 1) asked.push(await waiting("high"));
    await round();
    expect(box.mails).toHaveLength(2);
    await castVote(other, { approval_id: asked[5]?.id ?? "", verdict: "deny", note: "" });
    await round(1_000);
    await round(HOUR + 2_000);
    expect(subjects().slice(2)).toEqual(["4 messages, 3 waiting when they were written"]);
    expect(box.mails[2]?.mail.text).toContain("Denied by Test reviewer");
  });

  test("administrators are told that a destination was switched off", async () => {
    const gone = await startReceiver((_request, response) => response.writeHead(410).end());
    await prefer(admin, {});
    const input = { kind: "webhook", name: "Gone", address: gone.url, events: ["approval.waiting"] };
    await addDestination(admin, AddDestinationInput.parse(input), world);
    await waiting();
    await round();
    await round(1_000);
    expect(subjects()).toEqual(["A destination of notifications failed for so long that it was switched off"]);
    await gone.stop();
  });

  test("who wants nothing, is disabled or made up for the demonstration gets nothing", async () => {
    const mara = await tenant.person("reviewer");
    await prefer(mara, { channel: "none" });
    const demo = await tenant.person("reviewer");
    await tenant.system.db.$executeRaw`UPDATE members SET demo = true WHERE id = ${demo.actor.memberId}::uuid`;
    const gone = await tenant.person("reviewer");
    await tenant.system.db.$executeRaw`UPDATE members SET disabled_at = now() WHERE id = ${gone.actor.memberId}::uuid`;
    await waiting("high");
    await round();
    await round(13 * HOUR);
    expect(box.mails).toEqual([]);
  });
});
