import { expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { signInAs } from "./people";
import { admin } from "./playwright.config";

const NAME = `Vera ${Date.now().toString(36)}`;
const EMAIL = `${NAME.toLowerCase().replace(" ", "-")}@example.com`;
const PASSWORD = "a-password-of-her-own";

async function accessible(page: Page): Promise<void> {
  const { violations } = await axeOn(page).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

test("a person is invited, sets up their own account and is on the page of people", async ({ page, browser }) => {
  await signInAs(page, admin);
  await page.goto("/people");
  await expect(page.getByRole("heading", { name: "What takes two people" })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Invite a person…" }).click();
  await page.getByLabel("E-mail address").fill(EMAIL);
  await page.getByLabel("Name", { exact: true }).fill(NAME);
  await page.getByLabel("reviewer").check();
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByText("The link is shown once")).toBeVisible();
  const link = /http\S+\/invitation\/ili_[A-Za-z0-9_-]{43}/.exec(await page.getByRole("dialog").innerText())?.[0] ?? "";
  expect(link).not.toBe("");

  const hers = await (await browser.newContext()).newPage();
  await hers.goto(link);
  await expect(hers.getByRole("heading", { name: "Set up your account" })).toBeVisible();
  await expect(hers.getByLabel("E-mail address")).toHaveValue(EMAIL);
  await accessible(hers);
  await hers.getByLabel("Choose a password").fill(PASSWORD);
  await hers.getByRole("button", { name: "Set up my account" }).click();
  await expect(hers).toHaveURL(/\/overview/);
  await hers.goto(link);
  await expect(hers.getByText("This invitation cannot be used")).toBeVisible();
  await hers.close();

  await page.reload();
  const row = page.getByRole("row").filter({ hasText: EMAIL });
  await expect(row).toContainText("Active");
  await expect(row).toContainText("Beside everybody else.");
});

test("a token is made for oneself only, also where an administrator asks", async ({ request }) => {
  const headers = { authorization: `Bearer ${admin.token}` };
  const data = { name: "for another", member: EMAIL, days: 1 };
  expect((await request.post("/api/v1/tokens", { headers, data })).status()).toBe(400);
});
