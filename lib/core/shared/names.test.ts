import { describe, expect, test } from "vitest";

import { AgentHandle, EmailAddress, ToolName } from "./names";

describe("ToolName", () => {
  test.each(["a", "getUser", "DATA_EXPORT_v2", "admin.tools.list", "user-profile", "_x", "-", "a".repeat(128)])(
    "takes %s as it is",
    (name) => {
      expect(ToolName.parse(name)).toBe(name);
    },
  );

  test.each([
    "",
    "a".repeat(129),
    "delete customer",
    "delete_customer ",
    "delete_customer\n",
    "delete_customer.",
    ".hidden",
    ".",
    "demo/read",
    "a,b",
    "dеlete",
    "delete\u200b",
    "ｄelete",
    "a\u0000",
  ])("T27 refuses %j", (name) => {
    expect(ToolName.safeParse(name).success).toBe(false);
  });
});

describe("AgentHandle", () => {
  test.each(["customer-support-agent-v3", "A", "0.1_x", "a".repeat(100)])("takes %s as it is", (handle) => {
    expect(AgentHandle.parse(handle)).toBe(handle);
  });

  test.each(["", "-a", ".a", "_a", "a/b", "a b", "a\n", "..", "é", "a".repeat(101)])("refuses %j", (handle) => {
    expect(AgentHandle.safeParse(handle).success).toBe(false);
  });
});

describe("EmailAddress", () => {
  test.each([
    ["Ada.Lovelace+Ops@Example.COM", "ada.lovelace+ops@example.com"],
    ["support-agent@company.iam", "support-agent@company.iam"],
    ["o'neil@sub.example.co", "o'neil@sub.example.co"],
    ["a@xn--bcher-kva.example", "a@xn--bcher-kva.example"],
    [`${"x".repeat(64)}@a-1.de`, `${"x".repeat(64)}@a-1.de`],
  ])("reads %s as one mailbox", (text, address) => {
    expect(EmailAddress.parse(text)).toBe(address);
  });

  test.each([
    "a@x.com,b@y.com",
    "a@x.com;b@y.com",
    "a@x.com b@y.com",
    '"a@evil.com"@good.com',
    "a@evil.com@good.com",
    "a(comment)@x.com",
    "a@x.com(comment)",
    "Ada <a@x.com>",
    "a%evil.com@good.com",
    "evil!a@good.com",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    "a@localhost",
    "a@x..com",
    "a@-x.com",
    "a@x-.com",
    "a@x.com.",
    ".a@x.com",
    "a.@x.com",
    "a..b@x.com",
    "-oQ@x.com",
    "а@x.com",
    "a@еxample.com",
    "a@\u212aelvin.com",
    "\u0130a@x.com",
    " a@x.com",
    "a@x.com\n",
    "a@x.com\r\nBcc: b@y.com",
    "a\u0000@x.com",
    `${"x".repeat(65)}@x.com`,
    `a@${"x".repeat(64)}.com`,
    `a@${"x.".repeat(130)}com`,
    "",
    "@",
  ])("T83 refuses %j", (text) => {
    expect(EmailAddress.safeParse(text).success).toBe(false);
  });
});
