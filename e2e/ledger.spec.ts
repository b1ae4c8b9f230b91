import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

import { type BrowserContext, expect, type Locator, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { admin } from "./playwright.config";

// What happened is on the ledger page by itself, and leaves the house as a file that can be checked without us.

const asAdmin = { authorization: `Bearer ${admin.token}` };

/** A key that signed nothing here. */
const OTHER = "example.com/ledger+8220474e+AZLIkV4Wn/8Hmr9P5jAw45meheqhgiz9rlGa8MhJ7BIE";

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

test.describe("verified in the browser", () => {
  const verify = async (page: Page): Promise<Locator> => {
    await page.getByRole("button", { name: "Verify in this browser" }).click();
    return page.getByRole("region", { name: "Result of verifying" });
  };

  /** Answers that one request with what the server says, changed. */
  const altered = (page: Page, address: RegExp, change: (text: string) => string) =>
    page.route(address, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: change(await answer.text()) });
    });

  test("it is consistent with the key of the page, and verified with one that was kept", async ({ page, request }) => {
    await page.goto("/ledger");
    const own = await verify(page);
    await expect(own).toContainText("Not trusted: no key was pinned");
    await expect(own).toContainText("Paste the key you kept to prove more");
    await expect(own).toContainText("is in the tree");

    const { items } = await (await request.get("/api/v1/ledger/keys", { headers: asAdmin })).json();
    await page.getByLabel("Key you kept").fill(items[0].verifier_key);
    const kept = await verify(page);
    await expect(kept.getByText("OK: entries and signatures", { exact: true })).toBeVisible();
    await page.getByLabel("Entry to prove").fill("3");
    await expect(await verify(page)).toContainText("Entry 3 is in the tree.");
    expect((await axeOn(page).analyze()).violations).toEqual([]);
  });

  test("a changed entry is noticed", async ({ page }) => {
    await altered(page, /ledger\/leaves\?from=0/, (text) => text.replace('"verdict":"deny"', '"verdict":"allow"'));
    await page.goto("/ledger");
    const result = await verify(page);
    await expect(result.getByRole("alert")).toContainText("Tampered");
    await expect(result).toContainText("does not have the hash beside it");
  });

  test("an entry that is left out is noticed", async ({ page }) => {
    await altered(page, /ledger\/leaves\?from=0/, (text) => {
      const answer = JSON.parse(text);
      return JSON.stringify({ ...answer, items: answer.items.toSpliced(10, 1) });
    });
    await page.goto("/ledger");
    await expect((await verify(page)).getByRole("alert")).toContainText("Tampered");
  });

  test("a checkpoint nobody signed is noticed", async ({ page }) => {
    await altered(page, /ledger\/checkpoints/, (text) => text.replace(/time \d{4}/, "time 2020"));
    await page.goto("/ledger");
    const result = await verify(page);
    await expect(result.getByRole("alert")).toContainText("Tampered");
    await expect(result).toContainText(/signature of the checkpoint of size \d+ is wrong/);
  });

  test("a proof that leads nowhere is noticed", async ({ page }) => {
    await altered(page, /ledger\/entries\/.*\/proof/, (text) => {
      const answer = JSON.parse(text);
      return JSON.stringify({ ...answer, proof: answer.proof.toReversed() });
    });
    await page.goto("/ledger");
    await page.getByLabel("Entry to prove").fill("3");
    await expect(await verify(page)).toContainText("The proof of entry 3 does not lead to a signed root.");
  });

  test("a key of another log is not believed, one that is none is refused, and a server that is away proves nothing", async ({
    page,
  }) => {
    await page.goto("/ledger");
    await page.getByLabel("Key you kept").fill("not a key");
    await page.getByRole("button", { name: "Verify in this browser" }).click();
    await expect(page.getByText("This is no verifier key")).toBeVisible();
    await page.getByLabel("Key you kept").fill(OTHER);
    await expect((await verify(page)).getByRole("alert")).toContainText("Not trusted");
    await page.route(/ledger\/keys/, (route) => route.abort());
    await page.getByRole("button", { name: "Verify in this browser" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Nothing was verified" })).toBeVisible();
  });
});
