import { describe, expect, test } from "vitest";

import { readSessionToken, sealSessionToken, SESSION_COOKIE } from "./session-token";

const CLAIMS = {
  signInId: "01939d2e-7a00-7000-8000-000000000001",
  memberId: "01939d2e-7a00-7000-8000-000000000002",
  workspaceId: "01939d2e-7a00-7000-8000-000000000003",
};

describe("session cookie", () => {
  test("gives back exactly the claims it was sealed with", async () => {
    const token = await sealSessionToken(CLAIMS);
    expect(await readSessionToken(`other=1; ${SESSION_COOKIE.name}=${token}; more=2`)).toEqual(CLAIMS);
  });

  test("is read from the pieces next-auth cuts a long one into", async () => {
    const token = await sealSessionToken(CLAIMS);
    const name = SESSION_COOKIE.name;
    const header = `${name}.1=${token.slice(100)}; ${name}.0=${token.slice(0, 100)}`;
    expect(await readSessionToken(header)).toEqual(CLAIMS);
  });

  test.each([
    "",
    "x",
    `${SESSION_COOKIE.name}=`,
    `${SESSION_COOKIE.name}=a.b.c.d.e`,
    `${SESSION_COOKIE.name}=${"x".repeat(9_000)}`,
    ";;;=;",
  ])("takes nothing from %j", async (header) => {
    expect(await readSessionToken(header)).toBeNull();
  });

  test("takes nothing from a changed one", async () => {
    const token = await sealSessionToken(CLAIMS);
    // Not the last character: some of its bits are padding.
    const changed = `${token.slice(0, -5)}${token.at(-5) === "A" ? "B" : "A"}${token.slice(-4)}`;
    expect(await readSessionToken(`${SESSION_COOKIE.name}=${changed}`)).toBeNull();
  });
});
