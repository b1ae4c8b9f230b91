import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

import { expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { admin } from "./playwright.config";

// Money over time: from a chart to a day, to a table, to a file and to the runs behind a figure.

const AGENT = `spender-${randomUUID().slice(0, 8)}`;

async function signIn(page: Page): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel(/e-mail/i).fill(admin.email);
  await page.getByRole("textbox", { name: "Password" }).fill(admin.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/overview/);
}

/** A model call that the bundled table has a price for, in a run that asked for no decision. */
async function spend(page: Page): Promise<void> {
  const registered = await page.request.post("/api/v1/agents", {
    headers: { authorization: `Bearer ${admin.token}` },
    data: { id: AGENT, task: "Spends", environment: "development", level: 1, dri: admin.email },
  });
  expect(registered.status(), await registered.text()).toBe(201);
  const { key } = await registered.json();
  const at = String(BigInt(Date.now()) * 1_000_000n);
  const text = (name: string, stringValue: string) => ({ key: name, value: { stringValue } });
  const count = (name: string, intValue: string) => ({ key: name, value: { intValue } });
  const attributes = [
    text("gen_ai.operation.name", "chat"),
    text("gen_ai.provider.name", "openai"),
    text("gen_ai.request.model", "gpt-4.1-mini"),
    count("gen_ai.usage.input_tokens", "900000"),
    count("gen_ai.usage.output_tokens", "100000"),
  ];
  const hex = (digits: number) => randomUUID().replaceAll("-", "").slice(0, digits);
  const span = {
    traceId: hex(32),
    spanId: hex(16),
    name: "chat",
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    attributes,
  };
  const sent = await page.request.post("/v1/traces", {
    headers: { authorization: `Bearer ${key}` },
    data: { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "journey" }, spans: [span] }] }] },
  });
  expect(sent.status(), await sent.text()).toBe(200);
}

test("spend is zoomed, read as a table and a file, and opens the runs behind it", async ({ page }) => {
  await signIn(page);
  await spend(page);
  const chart = page.getByRole("slider", { name: /^Spend by/ });
  const row = page.getByRole("table", { name: "Spend by agent" }).getByRole("row", { name: new RegExp(AGENT) });
  await expect(async () => {
    await page.goto("/spend?from=now-24h&to=now");
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(page.getByRole("link", { name: "24 h" })).toHaveAttribute("aria-current", "true");

  // By keyboard: the latest point is told with its amount, and Zoom in shows it alone.
  await chart.focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("status").filter({ hasText: /All \$\d/ })).toBeAttached();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(page).toHaveURL(/from=\d{4}-/);
  await page.goBack();
  await expect(page.getByRole("link", { name: "24 h" })).toHaveAttribute("aria-current", "true");

  // By pointer.
  await chart.dragTo(chart, { sourcePosition: { x: 200, y: 60 }, targetPosition: { x: 600, y: 80 } });
  await expect(page).toHaveURL(/from=\d{4}-.*to=\d{4}-/);
  await page.goBack();
  await expect(page.getByRole("link", { name: "24 h" })).toHaveAttribute("aria-current", "true");

  await page.getByRole("button", { name: /^View as table.*Spend/ }).click();
  await expect(page.getByRole("table", { name: /^Spend by hour/ })).toContainText("$0.5");
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /^CSV.*Spend by hour/ }).click(),
  ]);
  const file = await readFile(await saved.path(), "utf8");
  expect(file).toMatch(/^# Interlock: Spend by hour\r\n# range,/);
  expect(file).toContain("# zone,UTC");

  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(chart).toBeVisible();
    const { violations } = await axeOn(page).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  }

  await row.getByRole("link", { name: /^\$/ }).click();
  await expect(page).toHaveURL(new RegExp(`/runs\\?.*agent=${AGENT}`));
  await expect(page.getByRole("table", { name: "Traces in whose run no call was decided" })).toContainText(AGENT);
});
