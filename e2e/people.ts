import { randomUUID } from "node:crypto";

import { type APIRequestContext, expect, type Page } from "@playwright/test";

import { admin } from "./playwright.config";

/** Somebody who may sign in. */
export type Account = { readonly email: string; readonly password: string; readonly token: string };

/** Another operator than the first administrator: what takes two people needs one. */
export async function secondOperator(request: APIRequestContext): Promise<Account> {
  const name = `second-${randomUUID().slice(0, 8)}`;
  const account = { email: `${name}@example.com`, password: "correct-horse-battery-staple" };
  const answer = await request.post("/api/v1/members", {
    headers: { authorization: `Bearer ${admin.token}` },
    data: { ...account, name, roles: ["operator", "reviewer"] },
  });
  expect(answer.status()).toBe(201);
  return { ...account, token: (await answer.json()).token };
}

export async function signInAs(page: Page, account: Pick<Account, "email" | "password">): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel("E-mail address").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/overview/);
}
