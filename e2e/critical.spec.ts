import { type APIRequestContext, type Browser, expect, type Page, test } from "@playwright/test";

import { totpAt } from "../lib/testing/totp";
import { axeOn } from "./axe";
import { openAction } from "./desk-agent";
import { type Account, secondOperator, signInAs } from "./people";
import { admin } from "./playwright.config";

const NAME = `cost-${Date.now().toString(36)}`;
const manifest = `agent:
  id: "${NAME}"
tools:
  allowed:
    - name: "delete_cost_contacts"
      max_rows: 1
    - name: "tag_cost_ticket"
      requires_approval: true
      approval_timeout_seconds: 900
execution:
  max_steps: 500
`;

let key = "";
let calls = 0;
const asAdmin = { authorization: `Bearer ${admin.token}` };
const asAgent = () => ({ authorization: `Bearer ${key}` });
const rows = [1, 2, 3].map((n) => ({ id: `C-${n}`, name: `Contact ${n}` }));

type Asked = { readonly id: string; readonly body: object };

async function ask(request: APIRequestContext, tool: string, more: object = {}): Promise<Asked> {
  calls += 1;
  const body = { session_id: "s-cost", run_id: `r-${calls}`, tool, args: { n: calls }, ...more };
  const response = await request.post("/api/v1/decisions", { headers: asAgent(), data: body });
  const answer = await response.json();
  expect(answer.verdict, JSON.stringify(answer)).toBe("require_approval");
  return { id: answer.approval.id, body };
}

/** More is selected than was asked for: Critical. */
const askCritical = (request: APIRequestContext) =>
  ask(request, "delete_cost_contacts", {
    // What was denied once is not asked again: each is another call.
    args: { ids: rows.map(({ id }) => id), ticket: `T-${calls}` },
    effect: { kind: "rows", before: rows, intended: { keys: ["C-1"], description: "the test contact" } },
  });

const stateOf = async (request: APIRequestContext, id: string) =>
  (await request.get(`/api/v1/approvals/${id}`, { headers: asAgent() })).json();

test.beforeAll(async ({ request }) => {
  const tools = [
    { name: "delete_cost_contacts", reversibility: "irreversible", blast_radius: "high" },
    { name: "tag_cost_ticket", reversibility: "reversible", blast_radius: "none" },
  ];
  const email = `dri-${NAME}@example.com`;
  expect((await request.post("/api/v1/tools", { headers: asAdmin, data: tools })).ok()).toBe(true);
  const dri = { email, name: "Dana Dri", roles: ["operator"] };
  expect((await request.post("/api/v1/members", { headers: asAdmin, data: dri })).ok()).toBe(true);
  const agent = { id: NAME, task: "Keeps contacts tidy", dri: email, environment: "production", level: 3, manifest };
  const response = await request.post("/api/v1/agents", { headers: asAdmin, data: agent });
  expect(response.status(), await response.text()).toBe(201);
  key = (await response.json()).key;
});

/** Somebody signed in, on a page of their own. */
async function person(browser: Browser, request: APIRequestContext): Promise<{ page: Page; account: Account }> {
  const account = await secondOperator(request);
  const page = await (await browser.newContext()).newPage();
  await signInAs(page, account);
  return { page, account };
}

/** Sets up an authenticator app on screen; the code it shows next, as the app would. */
async function enrol(page: Page): Promise<() => string> {
  await page.goto("/settings");
  await expect(page.getByText("You have no authenticator app set up.")).toBeVisible();
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
  const secret = (await page.getByText(/^(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}$/).textContent()) ?? "";
  await page.getByLabel("The code your app shows now").fill(totpAt(secret, Date.now() - 30_000));
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("Your app is set up.")).toBeVisible();
  return () => totpAt(secret, Date.now());
}

/** Everything a Critical action asks for, by keyboard alone. */
async function approveCritical(page: Page, code: string): Promise<void> {
  for (const _part of [1, 2, 3]) await page.keyboard.press("v");
  await page.keyboard.press("a");
  await page.keyboard.type("compared each of the rows");
  await page.keyboard.press("Tab");
  await page.keyboard.type("3");
  await page.keyboard.press("Tab");
  await page.keyboard.type(`${code.slice(0, 3)} ${code.slice(3)}`);
  await expect(page.getByText("Nothing is missing.")).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press("Enter");
}

async function seriousFaults(page: Page): Promise<readonly unknown[]> {
  const found = await axeOn(page).analyze();
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 200))]);
}

test("an authenticator app is set up, shows its recovery codes once, and is removed with one", async ({
  browser,
  request,
}) => {
  test.setTimeout(90_000);
  const { page } = await person(browser, request);
  await enrol(page);
  const codes = (await page.getByRole("region", { name: "recovery codes" }).textContent())?.split("\n") ?? [];
  expect(codes).toHaveLength(10);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByText("Your authenticator app is set up since")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Your authenticator app is set up since")).toBeVisible();
  expect(await page.content()).not.toContain(codes[0]);
  await page.getByLabel(/To remove it/).fill("123 456");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText(/not the code your app shows/)).toBeVisible();
  await page.getByLabel(/To remove it/).fill(codes[3] ?? "");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("You have no authenticator app set up.")).toBeVisible();
  await page.context().close();
});

test("an administrator resets another's app, joins two accounts of one person, and sets the desk's rules", async ({
  browser,
  request,
}) => {
  test.setTimeout(120_000);
  const { page: theirs, account: first } = await person(browser, request);
  await enrol(theirs);
  await theirs.context().close();
  const other = await secondOperator(request);
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signInAs(page, admin);
  await page.goto("/people");
  const name = new RegExp(`^${first.email.split("@")[0]}`);
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
  await expect(row).toContainText("authenticator app");
  await row.getByRole("button", { name: /Same person as/ }).click();
  await page.getByLabel("E-mail of the other account").fill(other.email);
  await page.getByRole("button", { name: "Same person", exact: true }).click();
  await expect(row).toContainText(`same person as ${other.email}`);
  await page.keyboard.press("Escape");
  await page.screenshot({ path: "e2e/.output/cost-members-light-1440.png" });
  await row.getByRole("button", { name: /Reset app/ }).click();
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await expect(row).not.toContainText("authenticator app");
  await page.keyboard.press("Escape");

  await page.goto("/settings");
  await page.getByLabel("Minutes by which a reviewer may extend a request, once").fill("10");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.getByLabel("Minutes by which a reviewer may extend a request, once")).toHaveValue("10");
  await openAction(page, (await askCritical(request)).id);
  await page.getByRole("button", { name: "Add 10 min, once" }).click();
  await expect(page.getByRole("button", { name: "Add 10 min, once" })).toHaveCount(0);
  await page.context().close();
});

test("a Critical action takes two people with a code each, who know nothing of one another", async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000);
  const [first, second] = [await person(browser, request), await person(browser, request)];
  const [firstCode, secondCode] = [await enrol(first.page), await enrol(second.page)];
  const { id, body } = await askCritical(request);

  await openAction(first.page, id);
  await expect(first.page.getByText("Needs 2 independent reviews")).toBeVisible();
  // The count is in the effect and nowhere else.
  for (const place of ["banner", "complementary"] as const)
    for (const region of await first.page.getByRole(place).all())
      await expect(region).not.toContainText(/\b3 (rows|records)/);
  await expect(first.page.getByRole("heading", { level: 1 })).not.toContainText("3");
  await approveCritical(first.page, firstCode());
  await first.page.waitForURL((url) => !url.pathname.endsWith(id));
  expect(await stateOf(request, id)).toMatchObject({ state: "waiting", votes: null });

  await openAction(second.page, id);
  await expect(second.page.getByText("Needs 2 independent reviews")).toBeVisible();
  const { email } = first.account;
  expect(await second.page.content()).not.toContain(email.slice(0, email.indexOf("@")));
  expect(await seriousFaults(second.page)).toEqual([]);
  await approveCritical(second.page, secondCode());
  await expect.poll(async () => (await stateOf(request, id)).state).toBe("approved");
  const used = await request.post("/api/v1/decisions", {
    headers: asAgent(),
    data: { ...body, approval_id: id },
  });
  expect((await used.json()).verdict).toBe("allow");
  for (const { page } of [first, second]) await page.context().close();
});

test("who has no app is told to set one up, and can still deny", async ({ browser, request }) => {
  test.setTimeout(90_000);
  const { page } = await person(browser, request);
  const { id } = await askCritical(request);
  await openAction(page, id);
  await page.keyboard.press("a");
  await expect(page.getByText(/an authenticator app, which you have not set up/).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Set one up in Settings" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { level: 1 }).focus();
  await page.keyboard.press("d");
  await page.keyboard.press("1");
  await expect.poll(async () => (await stateOf(request, id)).state).toBe("denied");
  await page.context().close();
});

test("the wait goes on only while the page is looked at and heard, and what was counted stays", async ({
  browser,
  request,
}) => {
  test.setTimeout(90_000);
  const { page } = await person(browser, request);
  const { id } = await askCritical(request);
  const left = async () => Number(/(\d+) s/.exec((await page.locator("#approve-cost").textContent()) ?? "")?.[1]);
  const show = (visible: boolean) =>
    page.evaluate(
      (state) => {
        Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      },
      visible ? "visible" : "hidden",
    );

  await openAction(page, id);
  await page.waitForTimeout(1_200);
  await show(false);
  await expect(page.getByText(/not counting while you are elsewhere/)).toBeVisible();
  await page.waitForTimeout(2_000); // what was looked at until then is still on its way
  const hidden = await left();
  expect(hidden).toBeGreaterThan(0);
  await page.waitForTimeout(4_000);
  expect(await left()).toBe(hidden);

  await page.reload();
  await expect(page.locator("#approve-cost")).toContainText(/\d s\b/);
  await page.waitForTimeout(700);
  expect(await left()).toBeLessThanOrEqual(hidden);

  await page.context().setOffline(true);
  await expect(page.getByText(/not counting: no connection/)).toBeVisible({ timeout: 5_000 });
  const offline = await left();
  await page.waitForTimeout(3_000);
  expect(await left()).toBeGreaterThanOrEqual(offline);
  await page.context().setOffline(false);
  await expect(page.locator("#approve-cost")).not.toContainText(/\d s\b/, { timeout: 15_000 });
  await page.context().close();
});

test("u takes a Low approval back, and nothing runs before the moment is over", async ({ browser, request }) => {
  test.setTimeout(90_000);
  const { page } = await person(browser, request);
  const [undone, kept] = [await ask(request, "tag_cost_ticket"), await ask(request, "tag_cost_ticket")];
  const use = async ({ id, body }: Asked) =>
    (await request.post("/api/v1/decisions", { headers: asAgent(), data: { ...body, approval_id: id } })).json();

  await openAction(page, undone.id);
  await expect(page.getByText("Ready: A approves, with 5 s to undo")).toBeVisible();
  await page.keyboard.press("a");
  await expect(page.getByText("Approved.", { exact: true })).toBeVisible();
  expect(await stateOf(request, undone.id)).toMatchObject({ state: "waiting" });
  expect(await use(undone)).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_waiting" }] });
  await page.keyboard.press("u");
  await expect(page.getByText("Taken back. It waits again.").first()).toBeVisible();
  await page.waitForTimeout(5_500);
  expect(await stateOf(request, undone.id)).toMatchObject({ state: "waiting" });

  await openAction(page, kept.id);
  await page.keyboard.press("a");
  await expect(page.getByRole("button", { name: /Undo/ })).toBeVisible();
  await expect.poll(async () => (await stateOf(request, kept.id)).state, { timeout: 10_000 }).toBe("approved");
  await expect(page.getByRole("button", { name: /Undo/ })).toBeHidden();
  expect((await use(kept)).verdict).toBe("allow");
  await page.context().close();
});

test.describe("looks and reads right", () => {
  // Each theme and each width once; the pages are the same in the other two pairs.
  const LOOKS = [
    { theme: "light", width: 1440 },
    { theme: "dark", width: 390 },
  ];
  for (const { theme, width } of LOOKS) {
    test(`${theme} at ${width}`, async ({ browser, request, baseURL }) => {
      test.setTimeout(90_000);
      const { page } = await person(browser, request);
      await page.context().addCookies([{ name: "interlock-theme", value: theme, url: baseURL ?? "" }]);
      await page.setViewportSize({ width, height: 900 });
      const look = async (name: string, fullPage = false) => {
        await page.screenshot({ path: `e2e/.output/cost-${name}-${theme}-${width}.png`, fullPage });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
        expect(await seriousFaults(page)).toEqual([]);
      };
      await page.goto("/settings");
      await page.getByRole("button", { name: "Set up an authenticator app" }).click();
      await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
      await look("settings", true);
      await enrol(page);
      await look("recovery");
      await openAction(page, (await askCritical(request)).id);
      if (width > 768) await page.keyboard.press("a");
      await look("critical");
      await openAction(page, (await ask(request, "tag_cost_ticket")).id);
      await page.keyboard.press("a");
      await expect(page.getByRole("button", { name: /Undo/ })).toBeVisible();
      await look("undo");
      await page.context().close();
    });
  }
});
