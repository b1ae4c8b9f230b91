import { describe, expect, test } from "vitest";

import { hashPassword, verifyPassword } from "./password";

describe("passwords", () => {
  test("are kept as argon2id with the cost we chose", async () => {
    expect(await hashPassword("correct horse battery")).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test("are told from wrong ones, however their letters were composed", async () => {
    const stored = await hashPassword("cafe\u0301 au lait");
    expect(await verifyPassword("caf\u00e9 au lait", stored)).toBe(true);
    expect(await verifyPassword("cafe au lait", stored)).toBe(false);
  });

  test("nobody knows the password of a member who has none", async () => {
    expect(await verifyPassword("", null)).toBe(false);
    expect(await verifyPassword("anything at all", null)).toBe(false);
  });
});
