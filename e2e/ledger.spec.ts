import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

import { type BrowserContext, expect, test } from "@playwright/test";

import { admin } from "./playwright.config";

// What happened is on the ledger page by itself, and leaves the house as a file that can be checked without us.

const asAdmin = { authorization: `Bearer ${admin.token}` };

let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [];

// Once for all journeys: the product counts attempts to sign in.
test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  await page.goto("/signin");
  await page.getByLabel(/e-mail/i).fill(admin.email);
  await page.getByRole("textbox", { name: "Password" }).fill(admin.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/overview/);
  cookies = await page.context().cookies();
  await page.close();
});
test.beforeEach(async ({ page }) => page.context().addCookies(cookies));

const tool = () => ({
  name: `ledger_${randomUUID().replaceAll("-", "_")}`,
  reversibility: "read",
  blast_radius: "none",
});

test("an entry appears on the open page, gets its index, and opens to exactly what is hashed", async ({
  page,
  request,
}) => {
  await page.goto("/ledger?kind=tool.register");
  const entries = page.getByRole("table", { name: "Ledger entries, newest first" });
  await expect(page.getByText("Live", { exact: true })).toBeAttached();
  const { name } = await request
    .post("/api/v1/tools", { headers: asAdmin, data: tool() })
    .then(async (answer) => (await answer.json()).items[0]);

  const row = entries.getByRole("row").filter({ hasText: name });
  await expect(row).toBeVisible({ timeout: 15_000 });
  await expect(async () => {
    await page.reload();
    await expect(row.getByText("not yet sequenced")).toHaveCount(0);
  }).toPass({ timeout: 10_000 });

  await row.getByRole("button", { name: "tool.register" }).click();
  const canonical = await page.getByRole("region", { name: /^Canonical JSON of entry/ }).innerText();
  expect(JSON.parse(canonical)).toMatchObject({ kind: "tool.register", details: { tool: name } });
  const leaf = createHash("sha256").update(Uint8Array.of(0)).update(canonical, "utf8").digest("hex");
  await expect(entries.getByText(leaf)).toBeVisible();
});

test("the whole ledger is saved as JSON lines whose hashes can be checked", async ({ page }) => {
  await page.goto("/ledger");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export JSONL" }).click(),
  ]);
  const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(3);
  const parsed = lines.map((line) => JSON.parse(line));
  const sequenced = parsed.filter((line) => line.index !== null);
  expect(sequenced.map((line) => line.index)).toEqual(sequenced.map((_, index) => index));
  for (const [index, line] of lines.entries()) {
    const { entry, leaf_hash } = parsed[index];
    if (leaf_hash === null) continue;
    // The line is canonical, so the entry's own text stands in it as it was hashed.
    const text = line.slice('{"entry":'.length, line.lastIndexOf(',"index":'));
    expect(JSON.parse(text)).toEqual(entry);
    expect(createHash("sha256").update(Uint8Array.of(0)).update(text, "utf8").digest("hex")).toBe(leaf_hash);
  }
});

test("and as CSV, with one record an entry", async ({ page }) => {
  await page.goto("/ledger");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/\.csv$/);
  const records = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
  expect(records[0]).toBe("index,leaf_hash,id,at,kind,who,entry");
  expect(records.length).toBeGreaterThan(3);
});

test("only entries of the chosen kind are listed, and the choice is in the address", async ({ page }) => {
  await page.goto("/ledger");
  await page.getByLabel("Kind").selectOption("member.sign_in");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/kind=member\.sign_in/);
  const kinds = await page.getByRole("table").getByRole("button").allInnerTexts();
  expect(new Set(kinds)).toEqual(new Set(["member.sign_in"]));
});

test("is not given to a stranger", async ({ request }) => {
  expect((await request.get("/api/v1/ledger/export?format=jsonl")).status()).toBe(401);
});
