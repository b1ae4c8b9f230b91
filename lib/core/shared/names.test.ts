import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { AgentHandle, EmailAddress, editDistance, nearestName, skeletonOf, ToolName } from "./names";

/** Any code point but a surrogate, small ones often. The `binary` unit of fast-check takes a second to set up. */
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

const anyName = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}[A-Za-z0-9_]$/);

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

describe("skeletonOf", () => {
  test.each([
    ["another case", "Delete_Customer_10"],
    ["a Cyrillic e", "dеlеtе_customer_10"],
    ["a Cyrillic o and s", "delete_cuѕtоmer_10"],
    ["a Greek omicron", "delete_cust\u03bfmer_10"],
    ["an Armenian o", "delete_cust\u0585mer_10"],
    ["a Cherokee letter", "\u13a0elete_customer_10"],
    ["full width", "ｄｅｌｅｔｅ＿ｃｕｓｔｏｍｅｒ＿１０"],
    ["mathematical letters", "𝐝𝑒𝓁𝕖𝖙𝚎_customer_10"],
    ["circled letters", "ⓓⓔⓛⓔⓣⓔ_customer_10"],
    ["negative squared letters", "🅳🅴🅻🅴🆃🅴_customer_10"],
    ["marks", "d\u0301ele\u0308te\u0336_customer_10"],
    ["a precomposed accent", "délete_customer_10"],
    ["small capitals", "ᴅᴇʟᴇᴛᴇ_customer_10"],
    ["a zero-width space", "delete\u200b_customer_10"],
    ["a soft hyphen", "delete\u00ad_customer_10"],
    ["a bidi override", "delete\u202e_customer_10"],
    ["a tag character", "delete\u{e0041}_customer_10"],
    ["a variation selector", "delete\ufe0f_customer_10"],
    ["a control character", "delete\u0007_customer_10"],
    ["a no-break space", "delete_customer_10\u00a0"],
    ["a trailing dot", "delete_customer_10."],
    ["a leading dot leader", "\u2024delete_customer_10"],
    ["l for 1 and o for 0", "delete_customer_lo"],
    ["I for 1 and O for 0", "delete_customer_IO"],
    ["1 for l", "de1ete_customer_10"],
    ["Arabic-Indic digits", "delete_customer_\u0661\u0665"],
    ["rn for m", "delete_custorner_10"],
    ["a low line look-alike", "delete\u07facustomer_10"],
  ])("T27 makes a name collide with its twin written with %s", (_, twin) => {
    expect(skeletonOf(twin)).toBe(skeletonOf("delete_customer_10"));
  });

  test.each(["-", "‐", "‑", "–", "—", "−", "－", "﹣"])("T27 takes the dash %s for a hyphen", (dash) => {
    expect(skeletonOf(`get${dash}user`)).toBe(skeletonOf("get-user"));
  });

  test("T28 keeps apart names that only an alias would merge", () => {
    const names = ["demo_read", "demo.read", "demo-read", "demo/read", "demoread", "demo__read"];
    expect(new Set(names.map(skeletonOf)).size).toBe(names.length);
  });

  test("is its own skeleton, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const skeleton = skeletonOf(text);
        expect(skeletonOf(skeleton)).toBe(skeleton);
      }),
      { numRuns: 1_000 },
    );
  });

  test("does not depend on case, compatibility form or invisible characters", () => {
    const invisible = fc.constantFrom("\u200b", "\u2060", "\u00ad", "\u{e0020}", "\ufe0e", " ", "\u0301");
    fc.assert(
      fc.property(anyName, fc.nat(), invisible, (name, place, character) => {
        const at = place % (name.length + 1);
        const fullWidth = name.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
        const filled = name.slice(0, at) + character + name.slice(at);
        const twins = [name.toUpperCase(), name.toLowerCase(), fullWidth, filled];
        for (const twin of twins) expect(skeletonOf(twin)).toBe(skeletonOf(name));
      }),
    );
  });
});

describe("nearestName", () => {
  const known = ["max_steps", "max_cost_usd", "max_wall_clock_seconds", "on_budget_exceeded", "quorum"];

  test.each([
    ["max_step", "max_steps"],
    ["Max_Steps", "max_steps"],
    ["max_setps", "max_steps"],
    ["max_cost", "max_cost_usd"],
    ["max_wall_clock_secs", "max_wall_clock_seconds"],
    ["qorum", "quorum"],
    ["quorum", "quorum"],
    ["colour", null],
    ["q", null],
    ["", null],
    ["q".repeat(100_000), null],
  ])("finds what %s was meant to be", (name, nearest) => {
    expect(nearestName(name, known)).toBe(nearest);
  });

  test("prefers the nearer, then the earlier name", () => {
    expect(nearestName("abcd", ["abxx", "abcx"])).toBe("abcx");
    expect(nearestName("abcd", ["abcx", "abcy"])).toBe("abcx");
    expect(nearestName("x", ["y"])).toBeNull();
    expect(nearestName("a", [])).toBeNull();
  });
});

describe("editDistance", () => {
  test.each([
    ["get_user_role", "get_user_roles", 1],
    ["form", "from", 1],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["ca", "abc", 3],
    ["same", "same", 0],
  ])("T29 counts the edits between %s and %s", (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  test("is symmetric, zero only for equals, and at most the longer length", () => {
    const short = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
