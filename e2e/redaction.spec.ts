import { expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { signInAs } from "./people";
import { admin } from "./playwright.config";

// What is kept of what agents send, on the screens: a rule is tried before it is saved.

async function expectSound(page: Page): Promise<void> {
  const { violations } = await axeOn(page).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
}

test("a rule is tried on a text, refused where it keeps a secret, and saved", async ({ page }) => {
  await signInAs(page, admin);
  await page.goto("/settings");
  await page.getByRole("link", { name: "Redaction" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Redaction" })).toBeVisible();

  const stored = page.getByRole("region", { name: "What would be stored" });
  await page.getByLabel(/^What an agent sends/).fill('{"to": "ada@example.com", "password": "Tr0ub4dor&3xyz"}');
  await page.getByRole("button", { name: "Try the settings above" }).click();
  await expect(stored).toContainText("[redacted:secret]");
  await expect(stored).not.toContainText("ada@example.com");

  await page.getByRole("button", { name: "Add a rule" }).click();
  const rule = page.getByRole("group", { name: "Rule 1" });
  await rule.getByLabel("What").selectOption({ label: "API keys of known services" });
  await rule.getByLabel("Action").selectOption({ label: "Keep in the clear" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(rule.getByText(/may be kept/)).toBeVisible();

  await rule.getByLabel("What").selectOption({ label: "E-mail addresses" });
  await rule.getByLabel("Where").fill("tool.args.to");
  await page.getByRole("button", { name: "Try the settings above" }).click();
  await expect(stored).toContainText("ada@example.com");
  await expect(stored).toContainText("[redacted:secret]");
  await expectSound(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(async () => {
    await page.reload();
    await expect(rule.getByLabel("Where")).toHaveValue("tool.args.to", { timeout: 1_000 });
  }).toPass();

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectSound(page);
  await page.getByRole("button", { name: "Remove rule 1" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(async () => {
    await page.reload();
    await expect(rule).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
});
