import { expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { admin } from "./playwright.config";

// A bill of a provider: what cannot be read is said by line, what can be read is held against telemetry.

async function signIn(page: Page): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel(/e-mail/i).fill(admin.email);
  await page.getByRole("textbox", { name: "Password" }).fill(admin.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/overview/);
}

const csv = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

test("an invoice is refused by line, imported, narrowed to a model, and removed", async ({ page }) => {
  await signIn(page);
  await page.goto("/spend");
  await page.getByRole("navigation", { name: "Spend" }).getByRole("link", { name: "Invoices" }).click();
  const file = page.getByLabel("CSV file");
  const send = page.getByRole("button", { name: "Import", exact: true });
  await file.setInputFiles(csv("bad.csv", "date,model,amount\n2026-11-03,m,1\n03/11/2026,m,1\n"));
  await send.click();
  await expect(page.getByRole("alert").filter({ hasText: "not imported" })).toContainText(
    "Line 3: “03/11/2026” is no day",
  );

  // More than any other form may send: three megabytes of rows.
  const rows = Array.from(
    { length: 60_000 },
    (_, at) => `2026-11-0${(at % 3) + 3},model-nobody-calls,desk-key-${at % 7},0.01`,
  );
  await file.setInputFiles(csv("november.csv", ["date,model,key,amount", ...rows].join("\n").padEnd(3_000_000, "\n")));
  await send.click();
  await expect(page).toHaveURL(/\/spend\/invoices\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("november.csv");
  await expect(page.getByRole("heading", { name: "0.0 % of the invoice is explained" })).toBeVisible();
  const models = page.getByRole("table", { name: "Invoiced by model" });
  await expect(models.getByRole("row", { name: /model-nobody-calls/ })).toContainText("No telemetry");
  await expect(models.getByRole("row", { name: /^All/ })).toContainText("$600.00");
  await expect(page.getByRole("table", { name: "Invoiced by key" }).getByRole("row")).toHaveCount(8);

  await models.getByRole("link", { name: "model-nobody-calls" }).click();
  await expect(page).toHaveURL(/\?model=model-nobody-calls#days$/);
  await page.getByRole("slider", { name: /^Invoiced by day/ }).focus();
  await page.keyboard.press("End");
  await expect(
    page.getByRole("status").filter({ hasText: /Invoiced \$200\.00.*Not explained \$200\.00/ }),
  ).toBeAttached();

  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    const { violations } = await axeOn(page).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  }

  await page.getByRole("button", { name: "Remove… this invoice" }).click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page).toHaveURL(/\/spend\/invoices$/);
  await expect(page.getByRole("link", { name: "november.csv" })).toHaveCount(0);
});
