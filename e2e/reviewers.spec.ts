import { type APIRequestContext, expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { awake } from "./desk-agent";
import { type Account, member, signInAs } from "./people";
import { admin } from "./playwright.config";

// One walk: an administrator switches calibration on, reviewers answer, one of the answers is to an item. The tests
// build on each other, and calibration is off again at the end.

const NAME = `clerk-${Date.now().toString(36)}`;
const asAdmin = { authorization: `Bearer ${admin.token}` };
const manifest = `agent:
  id: "${NAME}"
tools:
  allowed:
    - name: "send_clerk_letter"
      requires_approval: true
      approval_timeout_seconds: 900
execution:
  max_steps: 500
`;

let key = "";
let reviewer: Account = { email: "", password: "", token: "" };
let before = new Set<string>();
let number = 30_000 + (Date.now() % 50_000);

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL ?? "" });
  await request.post("/api/v1/tools", {
    headers: asAdmin,
    data: [{ name: "send_clerk_letter", reversibility: "irreversible", blast_radius: "low" }],
  });
  const agent = {
    id: NAME,
    task: "Write letters.",
    dri: "dana.ortiz@demo.example",
    environment: "production",
    level: 3,
  };
  const made = await request.post("/api/v1/agents", { headers: asAdmin, data: { ...agent, manifest } });
  expect(made.status(), await made.text()).toBe(201);
  key = (await made.json()).key;
  const email = `${NAME}@example.com`;
  reviewer = await member(request, { email, name: `Reviewer ${NAME}`, roles: ["reviewer"] });
  // Nobody is tested while an incident that a person opened is unresolved.
  const { items } = await (await request.get("/api/v1/incidents?state=open&limit=200", { headers: asAdmin })).json();
  for (const incident of items) {
    await request.post(`/api/v1/incidents/${incident.id}/resolve`, { headers: asAdmin, data: { note: "Looked at." } });
  }
  await request.dispose();
});

test.afterAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL ?? "" });
  await request.patch("/api/v1/settings", { headers: asAdmin, data: { calibration: false } });
  await request.dispose();
});

async function ask(request: APIRequestContext): Promise<string> {
  number += 1;
  const at = { session_id: `letter-${number}`, run_id: `letter-${number}-1` };
  const call = { ...at, tool: "send_clerk_letter", args: { to: `customer+${number}@example.com`, letter: number } };
  const answer = await request.post("/api/v1/decisions", { headers: { authorization: `Bearer ${key}` }, data: call });
  return (await answer.json()).approval.id;
}

async function vote(request: APIRequestContext, id: string, verdict: "approve" | "deny"): Promise<void> {
  const headers = { authorization: `Bearer ${reviewer.token}` };
  const { display_digest } = await (await request.get(`/api/v1/approvals/${id}`, { headers })).json();
  const data = { verdict, display_digest, note: "Not what the customer asked for." };
  expect((await request.post(`/api/v1/approvals/${id}/votes`, { headers, data })).status()).toBe(200);
}

async function waiting(request: APIRequestContext): Promise<string[]> {
  const headers = { authorization: `Bearer ${reviewer.token}` };
  const answer = await request.get("/api/v1/approvals?state=waiting&limit=200", { headers });
  return (await answer.json()).items.map((item: { id: string }) => item.id);
}

async function expectSound(page: Page): Promise<void> {
  const { violations } = await axeOn(page).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(" ")}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
    0,
  );
}

test("an administrator switches calibration on, and everybody at the desk is told", async ({ page, request }) => {
  before = new Set(await waiting(request));
  await signInAs(page, admin);
  await page.goto("/settings");
  await page.getByRole("checkbox", { name: /Mix calibration items/ }).check();
  await page.getByLabel("One item for about so many decisions").fill("5");
  await page.getByLabel("Days an action must be past").fill("0");
  const section = page.getByRole("region", { name: "Calibration items" });
  await section.getByRole("button", { name: "Save" }).click();
  await expect(async () => {
    await page.goto("/approvals");
    await expect(page.getByText("Some actions here are calibration items")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.goto("/settings");
  await expect(page.getByRole("checkbox", { name: /Mix calibration items/ })).toBeChecked();
});

test("an item comes up like any other action, and is explained as soon as it is answered", async ({
  page,
  request,
}) => {
  test.setTimeout(90_000);
  await vote(request, await ask(request), "deny");
  for (let n = 0; n < 8; n += 1) await vote(request, await ask(request), "approve");
  let item = "";
  await expect(async () => {
    item = (await waiting(request)).find((id) => !before.has(id)) ?? "";
    expect(item).not.toBe("");
  }).toPass({ timeout: 30_000 });

  await signInAs(page, reviewer);
  await page.goto(`/approvals?item=${item}`);
  await expect(page.getByRole("button", { name: /Deny/ })).toBeVisible();
  await expect(page.locator("main article")).not.toContainText(/calibration/i);
  await awake(page);
  await page.keyboard.press("d");
  await page.keyboard.press("1");
  await expect(page.getByText("This was a calibration item: caught.")).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText("You denied it.")).toBeVisible();
  await expectSound(page);
  await page.getByRole("link", { name: "Go on" }).click();
  await expect(page).toHaveURL(/\/approvals/);
  // Whoever opens it later is told what it was, and not how it went.
  await page.goto(`/approvals/${item}`);
  await expect(page.getByText("This was a calibration item: caught.")).toBeVisible();
});

test("a scorecard is for its own person: no link, no page and no answer for another", async ({ page, request }) => {
  await signInAs(page, reviewer);
  await page.goto("/reviewers");
  await page.getByRole("link", { name: "My scorecard" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My scorecard" })).toBeVisible();
  await expect(page.getByText("1 of 1 caught.")).toBeVisible();
  await expect(page.getByText("too few (1)").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Other scorecards" })).toHaveCount(0);
  await expectSound(page);

  const headers = asAdmin;
  const members = (await (await request.get("/api/v1/members", { headers })).json()).items;
  const other = members.find((member: { email: string }) => member.email === admin.email).id;
  expect((await page.goto(`/reviewers/${other}`))?.status()).toBe(404);
  const refused = await request.get(`/api/v1/reviewers/${other}`, {
    headers: { authorization: `Bearer ${reviewer.token}` },
  });
  expect(refused.status()).toBe(403);
});

test("an administrator opens anybody's, and the organisation's figures are the file's", async ({ page }) => {
  await signInAs(page, admin);
  await page.goto("/reviewers/me");
  await page.getByRole("link", { name: `Reviewer ${NAME}` }).click();
  await expect(page.getByRole("heading", { level: 1, name: `Scorecard of Reviewer ${NAME}` })).toBeVisible();

  await page.goto("/reviewers");
  await expect(page.getByRole("heading", { name: "Everything reviewed" })).toBeVisible();
  await expect(page.getByText("This rule probably should not be asking you.").first()).toBeVisible();
  await expectSound(page);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as CSV" }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString("utf8");
  const shown = await page.locator("dd").first().innerText();
  expect(text).toContain(`decisions,,${shown.replaceAll(",", "")},`);
  expect(text).not.toContain("@");

  await page.getByRole("link", { name: "Last 7 days" }).click();
  await expect(page).toHaveURL(/from=\d{4}-\d\d-\d\d/);
});

test("practice tells after each answer what the action was", async ({ page }) => {
  await signInAs(page, reviewer);
  await page.goto("/reviewers/practice");
  await page.getByRole("button", { name: "Start a round of five" }).click();
  for (let place = 1; place <= 5; place += 1) {
    await expect(page.getByText(`Action ${place} of 5`)).toBeVisible();
    if (place === 1) await expectSound(page);
    await page.getByRole("button", { name: "Deny" }).click();
    await expect(page.getByRole("status").filter({ hasText: /Right|This one was fine/ })).toBeVisible();
    await page.getByRole("button", { name: place === 5 ? "See the result" : "Next action" }).click();
  }
  await expect(page.getByText("Not passed")).toBeVisible();
});
