import { expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { signInAs } from "./people";
import { admin } from "./playwright.config";

async function isFine(page: Page) {
  const { violations } = await axeOn(page).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" ")}`)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider).toBe(0);
  await page.setViewportSize({ width: 1280, height: 800 });
}

test("an objective is set, opens the runs that spent it, stands in the week's review, and beside it what people did before", async ({
  page,
  request,
}) => {
  await signInAs(page, admin);
  await page.goto("/signals/objectives");
  await expect(page.getByRole("heading", { level: 1, name: "Objectives" })).toBeVisible();
  await page.getByLabel("Agent", { exact: true }).last().selectOption("billing-refunds-v1");
  await page.getByLabel("Measure").selectOption("time");
  await page.getByLabel("A run takes at most, in seconds").fill("3");
  await page.getByLabel("At least, in percent").fill("99.5");
  await page.getByRole("button", { name: "Set objective" }).press("Enter");
  const row = page.getByRole("row", {
    name: /billing-refunds-v1.*99\.5 % of finished runs take at most 3 s, over 28 days/,
  });
  await expect(row.getByText(/Missed$/)).toBeVisible();
  await expect(row.getByText(/^overspent, \d+ of/)).toBeVisible();
  await isFine(page);
  await row.getByRole("link").first().click();
  await expect(page.getByRole("table", { name: "Runs that spent it" }).getByRole("row")).toHaveCount(26);
  await isFine(page);
  const person = { authorization: `Bearer ${admin.token}` };
  const { items } = await (
    await request.get("/api/v1/objectives?agent=billing-refunds-v1", { headers: person })
  ).json();
  expect(items.find(({ measure }: { measure: string }) => measure === "time")).toMatchObject({
    target_bp: 9950,
    most: "3000",
    stand: { state: "missed" },
  });

  await page.goto("/signals/weekly");
  await page.getByRole("link", { name: "Week after" }).click();
  await expect(page.getByText("in progress; compared with the same point of the week before")).toBeVisible();
  const refunds = page.getByRole("row", { name: /^billing-refunds-v1/ });
  await expect(refunds.getByRole("listitem").filter({ hasText: "Time" })).toContainText("Missed");
  await isFine(page);

  await page.goto("/agents/billing-refunds-v1/outcomes");
  await expect(page.getByText("No baseline recorded")).toBeVisible();
  for (const [label, value] of BASELINE) await page.getByLabel(label).fill(value);
  await page.getByRole("button", { name: "Record baseline" }).click();
  const minutes = page.getByRole("row", { name: /^Time to resolution, mean/ });
  await expect(minutes).toContainText("20 min, n = 300");
  await expect(minutes).toContainText(/0\.\d+ × \(0\.\d+ to 0\.\d+\)/);
  await page.getByLabel("First day of the cases").fill("2026-04-01");
  await page.getByLabel("Last day of the cases").fill("2026-04-30");
  const buffer = Buffer.from(`minutes,succeeded\n${"10,yes\n14,no\n".repeat(20)}`);
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "cases.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Import cases" }).click();
  await expect(minutes).toContainText("12 min, n = 40");
  await isFine(page);
});

const BASELINE: readonly (readonly [label: RegExp, value: string])[] = [
  [/^First day ?Before/, "2026-03-01"],
  [/^Last day ?The period/, "2026-03-31"],
  [/^Cases ?How many/, "300"],
  [/^Minutes a case, mean/, "20"],
  [/^Minutes, standard deviation/, "12"],
];
