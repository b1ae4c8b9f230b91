import { describe, expect, test } from "vitest";

import { redact } from "./log";

describe("the log", () => {
  test.each([
    ["a key in a sentence", "key ilk_3f9a-Bc_1 was refused"],
    ["a person's token in an error", 'Error: bad token "ilp_3f9a-Bc_1"'],
    ["an authorization header at any depth", { req: { headers: { authorization: "Bearer 3f9a-Bc_1" } } }],
    ["a bearer in a sentence", "sent Bearer 3f9a-Bc_1"],
    ["cookies set", { "set-cookie": ["session=3f9a-Bc_1; HttpOnly", "b=3f9a-Bc_1"] }],
    ["a password with a quote in it", { newPassword: 'a"3f9a-Bc_1' }],
    ["an address with a password", "cannot reach postgresql://app:3f9a-Bc_1@db:5432/interlock"],
    ["JSON quoted in a message", 'upstream said {"access_token": "3f9a-Bc_1"}'],
    ["a client secret", { oidc: { client_secret: "3f9a-Bc_1" } }],
  ])("never shows %s", (_name, logged) => {
    expect(redact(JSON.stringify({ logged }))).not.toContain("3f9a-Bc_1");
  });

  test("stays JSON and keeps everything else", () => {
    const line = JSON.stringify({ msg: "decided", tokens: 900, authorization: "Bearer x", agent: "support" });

    expect(JSON.parse(redact(line))).toEqual({
      msg: "decided",
      tokens: 900,
      authorization: "[redacted]",
      agent: "support",
    });
  });
});
