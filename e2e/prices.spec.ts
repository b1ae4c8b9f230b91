import { randomUUID } from "node:crypto";

import { type BrowserContext, expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { admin } from "./playwright.config";

// Money, on the screens: a model without a price gets one, and the next call of it is priced.

test.describe.configure({ mode: "serial" });

const MODEL = `house-model-${randomUUID().slice(0, 8)}`;

let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [];
let key = "";

test.beforeAll(async ({ browser, request }) => {
  const page = await browser.newPage();
  await page.goto("/signin");
  await page.getByLabel(/e-mail/i).fill(admin.email);
  await page.getByRole("textbox", { name: "Password" }).fill(admin.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/overview/);
  cookies = await page.context().cookies();
  await page.close();
  const agent = await request.post("/api/v1/agents", {
    headers: { authorization: `Bearer ${admin.token}` },
    data: {
      id: `priced-${randomUUID().slice(0, 8)}`,
      task: "Priced",
      environment: "development",
      level: 1,
      dri: admin.email,
    },
  });
  expect(agent.status(), await agent.text()).toBe(201);
  key = (await agent.json()).key;
});
test.beforeEach(async ({ page }) => page.context().addCookies(cookies));

/** A model call as its exporter would tell it, of 900 tokens in and 100 out. */
async function call(page: Page, model: string): Promise<void> {
  const hex = (digits: number) => randomUUID().replaceAll("-", "").slice(0, digits);
  const at = String(BigInt(Date.now()) * 1_000_000n);
  const text = (name: string, stringValue: string) => ({ key: name, value: { stringValue } });
  const count = (name: string, intValue: string) => ({ key: name, value: { intValue } });
  const attributes = [
    text("gen_ai.operation.name", "chat"),
    text("gen_ai.provider.name", "acme"),
    text("gen_ai.request.model", model),
    count("gen_ai.usage.input_tokens", "900"),
    count("gen_ai.usage.output_tokens", "100"),
  ];
  const ids = { traceId: hex(32), spanId: hex(16) };
  const span = { ...ids, name: `chat ${model}`, startTimeUnixNano: at, endTimeUnixNano: at, attributes };
  const sent = await page.request.post("/v1/traces", {
    headers: { authorization: `Bearer ${key}` },
    data: { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "journey" }, spans: [span] }] }] },
  });
  expect(sent.status(), await sent.text()).toBe(200);
}

async function expectSound(page: Page): Promise<void> {
  const { violations } = await axeOn(page).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
}

test("a model without a price is listed, gets one from its row, and is looked up with it", async ({ page }) => {
  await call(page, MODEL);
  await page.goto("/settings");
  await page.getByRole("link", { name: "Prices" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Prices" })).toBeVisible();
  const row = page.getByRole("row", { name: new RegExp(MODEL) });
  await expect(async () => {
    await page.reload();
    await expect(row).toContainText("No price table knows this provider.", { timeout: 1_000 });
  }).toPass();
  await expect(row).toContainText("1,000");
  await expect(page.getByText(/Cost known for \d+ % of tokens/)).toBeVisible();

  await page.getByRole("link", { name: `Set a price for ${MODEL}` }).click();
  const form = page.getByRole("region", { name: "Set a price", exact: true });
  await expect(form.getByLabel(/^Model/)).toHaveValue(MODEL);
  await expect(form.getByLabel(/^Provider/)).toHaveValue("acme");
  await form.getByRole("button", { name: "Set price" }).click();
  await expect(form.getByText("Give at least one price.")).toBeVisible();
  await form.getByLabel("Input", { exact: true }).first().fill("two");
  await form.getByRole("button", { name: "Set price" }).click();
  await expect(form.getByText(/Write the price in dollars/)).toBeVisible();
  await form.getByLabel("Input", { exact: true }).first().fill("2");
  await form.getByLabel("Output", { exact: true }).first().fill("10.50");
  await form.getByRole("button", { name: "Set price" }).click();
  await expect(page.getByRole("table", { name: "Your own prices" })).toContainText("Input $2 · Output $10.50");
  await expectSound(page);

  await page.getByLabel("Model", { exact: true }).fill(MODEL);
  await page.getByLabel("Provider (optional)").fill("acme");
  await page.getByRole("button", { name: "Look up" }).click();
  await expect(page.getByText(/From override@/)).toContainText(`#acme/${MODEL}#standard`);
  await page.getByLabel("Model", { exact: true }).fill("nobody-has-this");
  await page.getByRole("button", { name: "Look up" }).click();
  await expect(page.getByText("No price table knows this provider.").first()).toBeVisible();
});

test("calls that were stored without a price get it when they are repriced", async ({ page }) => {
  await page.goto("/settings/prices");
  await expect(page.getByRole("row", { name: new RegExp(MODEL) }).first()).toBeVisible();
  const section = page.getByRole("region", { name: "Reprice stored calls" });
  await section.getByRole("button", { name: "Reprice", exact: true }).click();
  const table = section.getByRole("table", { name: "Repricings, latest first" });
  await expect(table.getByRole("row").nth(1)).toContainText("Done", { timeout: 30_000 });
  const models = page.getByRole("region", { name: "Models without a price" });
  await expect(models.getByText(MODEL)).toHaveCount(0);
  await expectSound(page);
});

test("the next call is priced by it, and the price can be removed", async ({ page }) => {
  const known = async () => {
    const headers = { authorization: `Bearer ${admin.token}` };
    const prices = await (await page.request.get("/api/v1/prices", { headers })).json();
    return Number(prices.known.tokens);
  };
  const before = await known();
  await expect(async () => {
    await call(page, MODEL);
    await page.waitForTimeout(500);
    expect(await known()).toBeGreaterThan(before);
  }).toPass();

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/settings/prices");
  await expectSound(page);
  await page.getByRole("button", { name: `Remove… the price of ${MODEL}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("Replaced and removed prices (1)")).toBeVisible();
  await expect(page.getByRole("table", { name: "Your own prices" })).toHaveCount(0);
});
