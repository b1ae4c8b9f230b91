import { describe, expect, test } from "vitest";

import { type Action, actionDigest, digestOf, shortDigest } from "./digest";

/** Shows what would be hashed; the hash function itself belongs to the platform. */
const asIs = (text: string) => `<${text}>`;

const action: Action = {
  tool: "refund",
  agent: "support",
  session: "s-17",
  tool_hash: "ab",
  args: { to: "a@example.com", amount: 1.5 },
  manifest_version: 3,
};

describe("digestOf", () => {
  test("hashes the canonical form", () => {
    expect(digestOf(asIs, { b: 1, a: [1e2] })).toBe('<{"a":[100],"b":1}>');
  });
});

describe("actionDigest", () => {
  test("binds every part of the action and nothing besides", () => {
    const wider = { ...action, rationale: "the reviewer never approves this" };
    expect(actionDigest(asIs, wider)).toBe(
      '<{"agent":"support","args":{"amount":1.5,"to":"a@example.com"},"manifest_version":3,' +
        '"session":"s-17","tool":"refund","tool_hash":"ab"}>',
    );
  });

  test.each<Partial<Action>>([
    { agent: "support2" },
    { session: "s-18" },
    { tool: "Refund" },
    { tool_hash: "ac" },
    { args: { to: "a@example.com", amount: "1.5" } },
    { manifest_version: 4 },
  ])("changes with %j", (change) => {
    expect(actionDigest(asIs, { ...action, ...change })).not.toBe(actionDigest(asIs, action));
  });
});

describe("shortDigest", () => {
  test("shows the first eight and the last four digits", () => {
    expect(shortDigest(`9f3c41d0${"0".repeat(52)}77ae`)).toBe("9f3c 41d0 … 77ae");
  });
});
