import { randomUUID } from "node:crypto";

import { type APIRequestContext, expect, type Page } from "@playwright/test";

import { admin } from "./playwright.config";

/** Somebody who may sign in. */
export type Account = { readonly email: string; readonly password: string; readonly token: string };

/** Another operator than the first administrator: what takes two people needs one. */
export async function secondOperator(request: APIRequestContext): Promise<Account> {
  const name = `second-${randomUUID().slice(0, 8)}`;
  return member(request, { email: `${name}@example.com`, name, roles: ["operator", "reviewer"] });
}

/** Somebody whom the first administrator invited and who has joined. */
export async function member(
  request: APIRequestContext,
  data: { readonly email: string; readonly name: string; readonly roles: readonly string[] },
): Promise<Account> {
  const headers = { authorization: `Bearer ${admin.token}` };
  const invited = await request.post("/api/v1/members", { headers, data });
  expect(invited.status(), await invited.text()).toBe(201);
  const { code } = await invited.json();
  const password = "correct-horse-battery-staple";
  const joined = await request.post(`/api/v1/invitations/${code}`, { data: { password } });
  expect(joined.status(), await joined.text()).toBe(201);
  return { email: data.email, password, token: (await joined.json()).token };
}

export async function signInAs(page: Page, account: Pick<Account, "email" | "password">): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel("E-mail address").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/overview/);
}
