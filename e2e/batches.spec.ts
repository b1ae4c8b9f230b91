import { type APIRequestContext, type BrowserContext, expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { awake } from "./desk-agent";
import { type Account, secondOperator, signInAs } from "./people";
import { admin } from "./playwright.config";

const NAME = `batch-${Date.now().toString(36)}`;
const manifest = `agent:
  id: "${NAME}"
tools:
  allowed:
    - name: "tag_batch_ticket"
      requires_approval: true
      approval_timeout_seconds: 1800
    - name: "note_batch_ticket"
      requires_approval: true
      approval_timeout_seconds: 1800
execution:
  max_steps: 500
`;

const asAdmin = { authorization: `Bearer ${admin.token}` };
let key = "";
let calls = 0;
let second: Account;
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [];
let secondCookies: typeof cookies = [];

/** Has the agent propose a Low call that waits for people; those of one tool are alike. */
async function ask(request: APIRequestContext, tool = "tag_batch_ticket"): Promise<string> {
  calls += 1;
  const data = {
    session_id: "s-b",
    run_id: `r-${calls}`,
    call_id: `c-${calls}`,
    tool,
    args: { n: calls, tag: "late" },
  };
  const answer = await request.post("/api/v1/decisions", { headers: { authorization: `Bearer ${key}` }, data });
  const body = await answer.json();
  expect(body.verdict, JSON.stringify(body)).toBe("require_approval");
  return body.approval.id;
}

const stateOf = async (request: APIRequestContext, id: string): Promise<string> =>
  (await (await request.get(`/api/v1/approvals/${id}`, { headers: asAdmin })).json()).state;

/** Denies all Low actions that wait, so that the lane holds what the journey puts there; and puts both batches down. */
async function clearLow(request: APIRequestContext): Promise<void> {
  for (const token of [admin.token, second.token]) {
    await request.post("/api/v1/batches/end", { headers: { authorization: `Bearer ${token}` } });
  }
  const waiting = await request.get("/api/v1/approvals?state=waiting&limit=200", { headers: asAdmin });
  const items: { id: string; band: string }[] = (await waiting.json()).items;
  const ids = items.filter((item) => item.band === "low").map((item) => item.id);
  for (let from = 0; from < ids.length; from += 25) {
    const data = { approval_ids: ids.slice(from, from + 25), note: "not needed" };
    expect((await request.post("/api/v1/approvals/denials", { headers: asAdmin, data })).ok()).toBe(true);
  }
}

const alive = (page: Page) => expect(page.getByText("Live", { exact: true })).toBeAttached();
/** The action is on the page and no longer deaf to keys. */
async function settled(page: Page, words: RegExp): Promise<void> {
  await expect(page.getByRole("region", { name: "Your batch" })).toContainText(words);
  await awake(page);
}

async function take(page: Page): Promise<void> {
  await page.goto("/approvals?band=low");
  await alive(page);
  await page.keyboard.press("b");
  await page.waitForURL((url) => url.searchParams.has("item"));
}

test.beforeAll(async ({ request, browser }) => {
  const tool = (name: string) => ({
    name,
    reversibility: "reversible",
    blast_radius: "low",
    args_schema: { type: "object" },
  });
  const tools = [tool("tag_batch_ticket"), tool("note_batch_ticket")];
  expect((await request.post("/api/v1/tools", { headers: asAdmin, data: tools })).ok()).toBe(true);
  const email = `dri-${NAME}@example.com`;
  const dri = { email, name: "Dana Dri", roles: ["operator"] };
  expect((await request.post("/api/v1/members", { headers: asAdmin, data: dri })).ok()).toBe(true);
  const agent = { id: NAME, task: "Tags tickets", dri: email, environment: "production", level: 3, manifest };
  const response = await request.post("/api/v1/agents", { headers: asAdmin, data: agent });
  expect(response.status(), await response.text()).toBe(201);
  key = (await response.json()).key;
  second = await secondOperator(request);
  for (const account of [admin, second]) {
    const page = await browser.newPage();
    await signInAs(page, account);
    if (account === admin) cookies = await page.context().cookies();
    else secondCookies = await page.context().cookies();
    await page.close();
  }
});
test.beforeEach(async ({ page, request }) => {
  test.setTimeout(90_000); // each looks at several pages, on a machine that may be busy
  await page.context().addCookies(cookies);
  await clearLow(request);
});

test("a batch is taken, decided with keys, put off, shown as a result, and followed by the next", async ({
  page,
  request,
}) => {
  const ids: string[] = [];
  for (let n = 0; n < 9; n += 1) ids.push(await ask(request));
  await take(page);
  await settled(page, /Batch 1 of 7/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  const list = page.getByRole("list", { name: "Your batch" });
  await expect(list.getByRole("link")).toHaveCount(7);
  await expect(list.getByText("7 alike, 7 open")).toBeVisible();

  const first = new URL(page.url()).searchParams.get("item");
  await page.keyboard.press("z");
  await page.waitForURL((url) => url.searchParams.get("item") !== first);
  await settled(page, /Batch 1 of 7/);
  await expect(list.getByRole("link").last()).toHaveAttribute("href", new RegExp(String(first)));

  for (let n = 1; n <= 7; n += 1) {
    await settled(page, new RegExp(`Batch ${n} of 7`));
    const at = page.url();
    if (n === 2) {
      await page.keyboard.press("a");
    } else {
      await page.keyboard.press("d");
      await expect(page.getByRole("list", { name: "Reasons" })).toBeVisible();
      await page.keyboard.press("1");
    }
    await page.waitForURL((url) => url.href !== at);
  }
  await expect(page.getByRole("heading", { level: 1, name: "Batch done" })).toBeVisible();
  await expect(page.getByText(/1 approved, 6 denied by you\. None has run so far\./)).toBeVisible();
  await expect(page.getByRole("region", { name: "What you caught" }).getByRole("listitem")).toHaveCount(6);
  const states = await Promise.all(ids.map((id) => stateOf(request, id)));
  expect(states.filter((state) => state === "waiting")).toHaveLength(2);

  await page.keyboard.press("b");
  await page.waitForURL((url) => url.searchParams.has("item"));
  await expect(page.getByRole("region", { name: "Your batch" })).toContainText("Batch 1 of");
  await page.getByRole("button", { name: "Put it down" }).click();
  await expect(page.getByRole("button", { name: /Take next/ })).toBeVisible();
});

test("two people never hold the same, ask each other, and hand over", async ({ page, request, browser }) => {
  const id = await ask(request);
  await take(page);
  await settled(page, /Batch 1 of 1/);

  const context = await browser.newContext();
  await context.addCookies(secondCookies);
  const other = await context.newPage();
  await other.goto(`/approvals/${id}`);
  await alive(other);
  const looks = other.getByRole("region", { name: "Who looks at this" });
  await expect(looks).toContainText(/has this until/);
  await expect(other.getByText("Somebody else is looking at this now. Ask for it, or deny it.").first()).toBeVisible();
  await expect(other.getByRole("button", { name: /Deny$/ })).toBeEnabled();
  await looks.getByRole("button", { name: "Ask for it" }).click();
  await expect(looks).toContainText("You asked for it.");

  await expect(page.getByRole("region", { name: "Who looks at this" })).toContainText("asks for this");
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog", { name: "Hand this off" });
  await expect(dialog.getByRole("option", { name: "Dana Dri" })).toHaveCount(0);
  await dialog.getByRole("combobox").selectOption({ label: second.email.split("@")[0] ?? "" });
  await dialog.getByLabel(/Note/).fill("your customer");
  await dialog.getByRole("button", { name: "Hand off" }).click();
  await expect(page.getByText(/You handed it to/)).toBeVisible();

  await expect(looks).toContainText("handed you this: your customer");
  const started = Date.now();
  await other.goto("/approvals");
  await expect(other.getByRole("region", { name: /Handed to you \(1\)/ })).toContainText("your customer");
  expect(Date.now() - started).toBeLessThan(10_000);
  expect(await stateOf(request, id)).toBe("waiting");
  await context.close();
});

test("what is selected is denied with one reason, and nothing besides", async ({ page, request }) => {
  const ids = [await ask(request), await ask(request), await ask(request)];
  await take(page);
  await settled(page, /Batch 1 of 3/);
  const chosen: (string | null)[] = [];
  for (let n = 0; n < 2; n += 1) {
    chosen.push(new URL(page.url()).searchParams.get("item"));
    await page.keyboard.press("x");
    const at = page.url();
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.href !== at);
    await awake(page);
  }
  await page.keyboard.press("Shift+D");
  const dialog = page.getByRole("dialog", { name: "Deny 2 actions with one reason" });
  await expect(dialog.getByRole("list", { name: "Actions to deny" }).getByRole("listitem")).toHaveCount(2);
  await dialog.getByRole("button", { name: "Wrong target" }).click();
  await expect(dialog).toBeHidden();
  for (const id of ids) expect(await stateOf(request, id)).toBe(chosen.includes(id) ? "denied" : "waiting");
});

test("a Low group is approved together only when each member was opened; others are denied as one", async ({
  page,
  request,
}) => {
  const ids = [await ask(request), await ask(request), await ask(request)];
  const others = [await ask(request, "note_batch_ticket"), await ask(request, "note_batch_ticket")];
  await page.goto(`/approvals/${ids[0]}`);
  await alive(page);
  await page.getByText("One of 3 alike").click();
  const approve = page.getByRole("button", { name: "Approve these 3, once each" });
  await expect(approve).toHaveAttribute("aria-disabled", "true");
  for (const n of [1, 2, 3]) {
    await page.getByRole("button", { name: `Open ${n}`, exact: true }).click();
    await expect(page.getByRole("button", { name: `Close ${n}`, exact: true })).toBeVisible();
  }
  await expect(approve).not.toHaveAttribute("aria-disabled", "true");
  await approve.click();
  await expect.poll(() => Promise.all(ids.map((id) => stateOf(request, id)))).toEqual(ids.map(() => "approved"));

  await page.goto(`/approvals/${others[0]}`);
  await alive(page);
  await page.getByText("One of 2 alike").click();
  await page.getByRole("button", { name: "Deny all 2…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Not needed for the task" }).click();
  await expect.poll(() => Promise.all(others.map((id) => stateOf(request, id)))).toEqual(["denied", "denied"]);
});

test("looks and reads right", async ({ page, request, baseURL }) => {
  test.setTimeout(300_000);
  const ids: string[] = [];
  for (let n = 0; n < 4; n += 1) ids.push(await ask(request));
  for (const [width, theme] of [
    [1440, "light"],
    [390, "dark"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.context().addCookies([{ name: "interlock-theme", value: theme, url: baseURL ?? "" }]);
    const look = async (name: string) => {
      await page.reload();
      await expect(page).toHaveTitle(/Interlock$/);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await alive(page);
      await page.screenshot({ path: `e2e/.output/batch-${name}-${theme}-${width}.png`, fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${name} scrolls sideways at ${width}`).toBeLessThanOrEqual(0);
      const found = await axeOn(page).analyze();
      const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 200))])).toEqual([]);
    };
    await request.post("/api/v1/batches/end", { headers: asAdmin });
    await page.goto("/approvals");
    await look("take");
    await take(page);
    await look("held");
    const first = new URL(page.url()).searchParams.get("item");
    await request.post(`/api/v1/approvals/${first}/votes`, { headers: asAdmin, data: { verdict: "deny", note: "no" } });
    for (const id of ids.filter((one) => one !== first)) {
      await request.post(`/api/v1/approvals/${id}/hand-off`, { headers: asAdmin, data: { to: null } });
    }
    await page.goto("/approvals");
    await expect(
      page.getByRole("heading", { level: 1, name: /^1 of \d actions? answered$|^Batch done$/ }),
    ).toBeVisible();
    await look("result");
  }
});
