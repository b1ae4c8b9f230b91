import { expect, test } from "vitest";

import { knownDevice, rememberDevice } from "./device-token";
import { sealSessionToken } from "./session-token";

test("a browser is known for the accounts that were signed in to with it, and no other", async () => {
  const first = await rememberDevice(undefined, "ana@example.com");
  const second = await rememberDevice(first, "Ben@example.com ");

  const device = await knownDevice(first, "ANA@example.com");
  expect(device).toMatch(/^[0-9a-f-]{36}$/);
  expect(await knownDevice(first, "ben@example.com")).toBeNull();
  expect(await knownDevice(second, "ben@example.com")).toBe(device);
  expect(await knownDevice(second, "ana@example.com")).toBe(device);
});

test("nothing else is taken for its cookie", async () => {
  const ids = { signInId: crypto.randomUUID(), memberId: crypto.randomUUID(), workspaceId: crypto.randomUUID() };
  for (const token of [undefined, "", "x", "a".repeat(10_000), await sealSessionToken(ids)]) {
    expect(await knownDevice(token, "ana@example.com")).toBeNull();
  }
});

test("remembers the latest accounts only", async () => {
  let token: string | undefined;
  for (let index = 0; index < 12; index += 1) token = await rememberDevice(token, `p${index}@example.com`);

  expect(await knownDevice(token, "p0@example.com")).toBeNull();
  expect(await knownDevice(token, "p11@example.com")).not.toBeNull();
});
