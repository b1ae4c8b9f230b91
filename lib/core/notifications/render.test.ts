import { describe, expect, test } from "vitest";

import { approvalNotice, type NoticeApproval } from "./compose";
import { digestNotice } from "./digest";
import { mailText, noticeTitle, slackMessage, webhookBody } from "./render";
import { afterFailure, isHopeless, pauseMs } from "./retry";
import { AddDestinationInput } from "./schema";

const at = new Date("2026-07-01T12:00:00Z");
const approval: NoticeApproval = {
  id: "01890000-0000-7000-8000-000000000001",
  agent: "support",
  tool: "delete_contacts",
  headline: {
    verb: "DELETE",
    count: 214,
    unit: "rows",
    resource: "contacts",
    environment: "production",
    reversibility: "irreversible",
  },
  band: "high",
  state: "waiting",
  expiresAt: new Date("2026-07-01T12:05:00Z"),
  voters: ["Mara"],
};
const where = { subject: "approval:1", origin: "https://interlock.example", deliveryId: "d1" };
const waiting = (change: Partial<NoticeApproval> = {}) =>
  approvalNotice("approval.waiting", { ...approval, ...change }, { at, state: "waiting" });

describe("what is said outside", () => {
  test("is verb, count, resource, band, agent, deadline and a link", () => {
    const { subject, text } = mailText(waiting(), where);
    expect(subject).toBe("Waiting: DELETE 214 rows · contacts · production");
    expect(text).toContain("Agent: support\nRisk: High\nState: Waiting for a decision\nDue: 2026-07-01 12:05 UTC");
    expect(text).toContain("Review: https://interlock.example/approvals/01890000");
    expect(JSON.parse(webhookBody(waiting(), where))).toMatchObject({
      type: "approval.waiting",
      timestamp: "2026-07-01T12:00:00.000Z",
      data: { subject: "approval:1", state: "waiting", band: "high", decided_by: [] },
    });
  });

  test("never names the count of a Critical action that waits, whatever the event says: it is what a reviewer types", () => {
    const notices = [
      waiting({ band: "critical" }),
      approvalNotice("approval.escalated", { ...approval, band: "critical" }, { at, state: "waiting" }),
      approvalNotice("approval.settled", { ...approval, band: "critical" }, { at, state: "expired" }),
    ];
    for (const notice of notices)
      expect(JSON.stringify([slackMessage(notice, where), mailText(notice, where)])).not.toContain("214");
    const over = approvalNotice(
      "approval.settled",
      { ...approval, band: "critical", state: "denied" },
      { at, state: "denied" },
    );
    expect(noticeTitle(over)).toBe("Denied by Mara: DELETE 214 rows · contacts · production");
  });

  test("offers Review and Deny while it waits, then no answer at all, and never one that approves", () => {
    const buttons = (notice: ReturnType<typeof waiting>) =>
      slackMessage(notice, where).blocks.flatMap((block) => (block["elements"] as { text: { text: string } }[]) ?? []);
    expect(buttons(waiting()).map(({ text }) => text.text)).toEqual(["Review", "Deny"]);
    const settled = approvalNotice("approval.settled", { ...approval, state: "denied" }, { at, state: "denied" });
    expect(buttons(settled).map(({ text }) => text.text)).toEqual(["Review"]);
    expect(JSON.stringify(slackMessage(waiting(), where))).not.toMatch(/approve/i);
  });

  test("does not say who decided what expired: nobody did", () => {
    const expired = approvalNotice("approval.settled", { ...approval, state: "expired" }, { at, state: "expired" });
    expect(noticeTitle(expired)).toBe(
      "Expired. It did not run. Nobody decided: DELETE 214 rows · contacts · production",
    );
  });
});

describe("T82: nothing breaks out of its line", () => {
  const breaks = [
    "\r\nBcc: x@evil.example",
    "\n",
    "\r",
    "\u0085",
    "\u2028",
    "\u2029",
    "\u000b",
    "\u000c",
    "\0",
    "%0d%0a",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\x1b[2J",
  ];
  const places = ["agent", "tool", "resource"] as const;
  test.each(breaks.flatMap((text) => places.map((place) => [JSON.stringify(text), place, text] as const)))(
    "%s in the %s",
    (_shown, place, evil) => {
      const headline = approval.headline && {
        ...approval.headline,
        ...(place === "resource" && { resource: `a${evil}b` }),
      };
      const given = {
        headline: place === "tool" ? null : headline,
        ...(place !== "resource" && { [place]: `a${evil}b` }),
      };
      const { subject, text } = mailText(waiting(given), where);
      expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(text.split("\n").some((line) => line.startsWith("Bcc:"))).toBe(false);
      for (const block of slackMessage(waiting(given), where).blocks)
        expect(JSON.stringify(block)).not.toContain("mrkdwn");
    },
  );
});

test("T83: a mailbox is one plain address and a channel an id", () => {
  const base = { kind: "email", name: "On call", events: ["approval.waiting"] };
  expect(AddDestinationInput.parse({ ...base, address: "Ops@Example.com" })).toMatchObject({
    address: "ops@example.com",
  });
  for (const address of [
    "a@x.com,b@y.com",
    "a@x.com;b@y.com",
    "a@x.com b@y.com",
    '"a@evil.com"@good.com',
    "a(comment)@x.com",
    "<a@x.com>",
    "Name <a@x.com>",
    "a@x.com\r\nBcc: b@y.com",
    "a@[127.0.0.1]",
    "a%b@x.com",
    "a!b@x.com",
    "\u0430@x.com",
    "a@\u0445.com",
    "a@x",
    "@x.com",
    "group:a@x.com;",
  ])
    expect([address, AddDestinationInput.safeParse({ ...base, address }).success]).toEqual([address, false]);
  const slack = {
    kind: "slack",
    name: "Desk",
    events: ["approval.waiting"],
    bot_token: "xoxb-12345678",
    signing_secret: "a".repeat(32),
  };
  expect(AddDestinationInput.safeParse({ ...slack, address: "C0123456789" }).success).toBe(true);
  expect(AddDestinationInput.safeParse({ ...slack, address: "#general" }).success).toBe(false);
});

test("a digest says how many, what each is, and how many it leaves out", () => {
  const many = Array.from({ length: 60 }, () => waiting({ band: "low" }));
  const notice = digestNotice(many, at);
  expect(notice.title).toBe("60 messages, 60 waiting when they were written");
  expect(notice.lines).toHaveLength(51);
  expect(notice.lines.at(-1)).toBe("and 10 more");
});

describe("trying again", () => {
  test("pauses grow to an hour, half of each by chance, and a receiver that says how long is believed", () => {
    expect(pauseMs(1, 0, null)).toBe(2_500);
    expect(pauseMs(1, 1, null)).toBe(5_000);
    expect(pauseMs(4, 1, null)).toBe(40_000);
    expect(pauseMs(50, 1, null)).toBe(3_600_000);
    expect(pauseMs(1, 0.5, 30_000)).toBe(30_000);
    expect(pauseMs(1, 0.5, 9_999_999)).toBe(3_600_000);
  });

  test("ends with what no attempt mends, and after a day", () => {
    const failed = { ok: false, error: "x" } as const;
    expect(afterFailure(failed, { attempts: 1, ageMs: 0, chance: 1 })).toEqual({ again: true, inMs: 5_000 });
    expect(afterFailure({ ...failed, final: true }, { attempts: 1, ageMs: 0, chance: 1 })).toEqual({ again: false });
    expect(afterFailure(failed, { attempts: 9, ageMs: 86_400_000, chance: 1 })).toEqual({ again: false });
    expect(isHopeless(20, 3_600_000)).toBe(true);
    expect(isHopeless(200, 3_599_999)).toBe(false);
    expect(isHopeless(19, 9_000_000)).toBe(false);
  });
});
