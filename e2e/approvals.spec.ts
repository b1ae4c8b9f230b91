import { type APIRequestContext, type BrowserContext, expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { openAction } from "./desk-agent";
import { admin } from "./playwright.config";

const NAME = `desk-${Date.now().toString(36)}`;
const manifest = `agent:
  id: "${NAME}"
tools:
  allowed:
    - name: "send_desk_email"
      requires_approval: true
      approval_timeout_seconds: 900
    - name: "delete_desk_contacts"
      max_rows: 1
    - name: "send_desk_soon"
      requires_approval: true
      approval_timeout_seconds: 3
execution:
  max_steps: 500
`;

let key = "";
let calls = 0;
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [];

const asAdmin = { authorization: `Bearer ${admin.token}` };
const asAgent = () => ({ authorization: `Bearer ${key}` });

async function signIn(page: Page): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel(/e-mail/i).fill(admin.email);
  await page.getByRole("textbox", { name: "Password" }).fill(admin.password);
  await page.getByRole("button", { name: /^sign in$/i }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/signin"));
}

type Asked = { readonly id: string; readonly body: Record<string, unknown> };

/** Has the agent propose a call that waits for people. */
async function ask(request: APIRequestContext, tool: string, args: object, more: object = {}): Promise<Asked> {
  calls += 1;
  const body = {
    session_id: "s-desk",
    run_id: `r-${calls}`,
    call_id: `c-${calls}`,
    tool,
    args: { ...args, n: calls },
    ...more,
  };
  const response = await request.post("/api/v1/decisions", { headers: asAgent(), data: body });
  const answer = await response.json();
  expect(answer.verdict, JSON.stringify(answer)).toBe("require_approval");
  return { id: answer.approval.id, body };
}

const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `C-${n}`, name: `Contact ${n}`, value: n * 10 }));
const askEmail = (request: APIRequestContext, args: object = {}) =>
  ask(
    request,
    "send_desk_email",
    { to: "a@example.com", ...args },
    { effect: { kind: "text", before: "Dear Ann", after: "Dear Bob\nBye" } },
  );
/** High; with a selection that does not fit the request, Critical. */
const askDelete = (request: APIRequestContext, intended?: object) =>
  ask(
    request,
    "delete_desk_contacts",
    { ids: ["C-0", "C-1", "C-2"] },
    { effect: { kind: "rows", before: rows(3), ...(intended && { intended }) } },
  );
const MISFIT = { keys: ["C-0"], description: "the test contact" };

async function stateOf(request: APIRequestContext, id: string): Promise<{ state: string; note: string | null }> {
  const response = await request.get(`/api/v1/approvals/${id}`, { headers: asAgent() });
  return response.json();
}

const settles = (request: APIRequestContext, id: string, state: string) =>
  expect.poll(async () => (await stateOf(request, id)).state).toBe(state);

test.beforeAll(async ({ request }) => {
  const tool = (name: string, blast_radius: string) => ({
    name,
    reversibility: "irreversible",
    blast_radius,
    args_schema: { type: "object" },
  });
  const tools = [tool("send_desk_email", "low"), tool("delete_desk_contacts", "high"), tool("send_desk_soon", "low")];
  const email = `dri-${NAME}@example.com`;
  expect((await request.post("/api/v1/tools", { headers: asAdmin, data: tools })).ok()).toBe(true);
  expect(
    (
      await request.post("/api/v1/members", {
        headers: asAdmin,
        data: { email, name: "Dana Dri", roles: ["operator"] },
      })
    ).ok(),
  ).toBe(true);
  const agent = { id: NAME, task: "Keeps contacts tidy", dri: email, environment: "production", level: 3, manifest };
  const response = await request.post("/api/v1/agents", { headers: asAdmin, data: agent });
  expect(response.status(), await response.text()).toBe(201);
  key = (await response.json()).key;
});

// Once for all journeys: the product counts attempts to sign in.
test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  await signIn(page);
  cookies = await page.context().cookies();
  await page.close();
});
test.beforeEach(async ({ page }) => {
  test.setTimeout(90_000); // each looks at several pages, on a machine that may be busy
  await page.context().addCookies(cookies);
});

test.describe("by keyboard alone", () => {
  test("d and a number deny, with the reason for the agent", async ({ page, request }) => {
    const { id } = await askEmail(request);
    await openAction(page, id);
    await expect(page.getByRole("heading", { level: 1, name: "SEND desk email · production" })).toBeVisible();
    await expect(page).toHaveTitle(/^Deny\? SEND desk email · Elevated · Desk/);
    await page.keyboard.press("d");
    await expect(page.getByRole("list", { name: "Reasons" })).toBeVisible();
    await page.keyboard.press("2");
    await settles(request, id, "denied");
    expect((await stateOf(request, id)).note).toMatch(/Too broad/);
  });

  test("d alone denies after a moment, and Escape stops it", async ({ page, request }) => {
    const [kept, denied] = [await askEmail(request), await askEmail(request)];
    await openAction(page, kept.id);
    await page.keyboard.press("d");
    await page.keyboard.press("Escape");
    await page.waitForTimeout(5_500);
    expect((await stateOf(request, kept.id)).state).toBe("waiting");

    await openAction(page, denied.id);
    await page.keyboard.press("d");
    await expect.poll(async () => (await stateOf(request, denied.id)).state, { timeout: 8_000 }).toBe("denied");
  });

  test("a and Enter approve an Elevated action, which then runs once", async ({ page, request }) => {
    const { id, body } = await askEmail(request);
    await openAction(page, id);
    await expect(page.getByText("Ready: A, then Enter")).toBeVisible();
    await page.keyboard.press("a");
    await page.keyboard.press("Enter");
    await settles(request, id, "approved");

    const use = async () =>
      (
        await request.post("/api/v1/decisions", {
          headers: asAgent(),
          data: { ...body, call_id: `use-${Math.random()}`, approval_id: id },
        })
      ).json();
    expect((await use()).verdict).toBe("allow");
    expect(await use()).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_consumed" }] });
    await openAction(page, id);
    await expect(page.getByRole("region", { name: "Where this stands" })).toContainText("used once");
  });

  test("a High action is approved once everything was looked at, and not before", async ({ page, request }) => {
    const { id } = await askDelete(request);
    await openAction(page, id);
    await expect(page.getByText(/To approve: 2 parts left to view, (\d+ s, )?what did you check/)).toBeVisible();
    await page.keyboard.press("a");
    await page.keyboard.type("compared the rows");
    await page.keyboard.press("Enter");
    expect((await stateOf(request, id)).state).toBe("waiting");

    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 1 }).focus();
    for (const _part of [1, 2]) await page.keyboard.press("v");
    await expect(page.getByRole("button", { name: /✓ Viewed/ })).toHaveCount(2);
    await page.keyboard.press("a");
    await expect(page.getByText("Nothing is missing.")).toBeVisible({ timeout: 15_000 });
    await page.keyboard.press("Enter");
    await settles(request, id, "approved");
  });

  test("a Critical action shows what was not asked for first, asks for its count, and for a code", async ({
    page,
    request,
  }) => {
    const { id } = await askDelete(request, MISFIT);
    await openAction(page, id);
    await expect(
      page.getByRole("heading", { level: 1, name: "DELETE rows · desk contacts · production" }),
    ).toBeVisible();
    await expect(page.getByText("2 of 3 rows are not in the stated request.")).toBeVisible();
    await expect(page.getByText("Needs 2 independent reviews")).toBeVisible();
    await page.keyboard.press("a");
    await expect(page.getByLabel("How many rows are affected?")).toBeVisible();
    await expect(page.getByRole("link", { name: "Set one up in Settings" })).toBeVisible();
  });

  test("r returns it with a note", async ({ page, request }) => {
    const { id } = await askEmail(request);
    await openAction(page, id);
    await page.keyboard.press("r");
    await page.keyboard.type("send it to the account holder");
    await page.keyboard.press("Control+Enter");
    await settles(request, id, "returned");
    expect((await stateOf(request, id)).note).toBe("send it to the account holder");
  });

  test("single keys can be switched off", async ({ page, request }) => {
    const { id } = await askEmail(request);
    await openAction(page, id);
    await page.keyboard.press("?");
    await page.getByRole("checkbox", { name: /Single keys act/ }).press("Space");
    await page.keyboard.press("Escape");
    await page.keyboard.press("d");
    await expect(page.getByRole("list", { name: "Reasons" })).toBeHidden();
  });
});

test("a new action appears on an open desk within a second, and is announced", async ({ page, request }) => {
  const open = await askEmail(request);
  await openAction(page, open.id);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.waitForTimeout(500);
  // No list grows under a reviewer's hands: the lane's count says it.
  const elevated = page
    .getByRole("navigation", { name: "Lanes" })
    .getByRole("link", { name: /Elevated/ })
    .locator("span")
    .last();
  const before = Number(await elevated.textContent());
  await askEmail(request);
  const started = Date.now();
  await expect(elevated).toHaveText(String(before + 1), { timeout: 5_000 });
  // A second is what it should take; the machine that runs this may be busy with other things.
  expect(Date.now() - started).toBeLessThan(3_000);
  await expect(page.getByRole("status").filter({ hasText: "1 new, Elevated" })).toBeAttached();
  await expect(page).toHaveURL(new RegExp(open.id));
});

test("what expired says so, and has no buttons left", async ({ page, request }) => {
  const { id } = await ask(request, "send_desk_soon", { to: "a@example.com" });
  await openAction(page, id);
  await expect(page.getByText("Nobody decided.")).toBeVisible({ timeout: 8_000 });
  await expect(page.getByText("did not run").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /Approve once/ })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /Deny/ })).toHaveCount(0);
  expect((await stateOf(request, id)).state).toBe("expired");
});

test("what somebody else has decided cannot be decided again, and says who did", async ({ page, request }) => {
  const { id } = await askEmail(request);
  await openAction(page, id);
  await expect(page.getByText("Ready: A, then Enter")).toBeVisible();
  const vote = await request.post(`/api/v1/approvals/${id}/votes`, {
    headers: asAdmin,
    data: { verdict: "deny", note: "not now" },
  });
  expect(vote.ok(), await vote.text()).toBe(true);
  await expect(page.getByRole("region", { name: "Where this stands" })).toContainText("denied");
  await expect(page.getByRole("region", { name: "Where this stands" })).toContainText("not now");
});

test("nothing hidden in an argument stays hidden, and the agent's words come last", async ({ page, request }) => {
  const rationale = {
    goal: "just reading",
    reasoning: "safe! ![x](https://evil.example/?q=1) <img src=x onerror=alert(1)>",
  };
  const { id } = await ask(request, "send_desk_email", { to: "al\u202Eecila\u202C@раypal.com" }, { rationale });
  await openAction(page, id);
  await expect(page.getByText("Hidden characters: 2")).toBeVisible();
  await expect(page.getByText("U+202E").first()).toBeVisible();
  await expect(page.getByText("xn--ypal-43d9g.com")).toBeVisible();
  await expect(page.getByText("just reading")).toBeHidden();
  await page.getByText("Written by the agent. Nobody has checked it.").click();
  await expect(page.getByText("![x](https://evil.example/?q=1)")).toBeVisible();
  await expect(page.locator("article img, aside img")).toHaveCount(0);
});

test("a phone can deny anything and approve only what it can show", async ({ page, request }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const { id } = await askDelete(request);
  await openAction(page, id);
  await expect(page.getByText("Open this on a larger screen to approve it.")).toBeVisible();
  await page.getByRole("button", { name: /Deny$/ }).click();
  await page.getByRole("button", { name: /Wrong target/ }).click();
  await settles(request, id, "denied");
});

test.describe("looks and reads right", () => {
  // Each theme and each width once; the pages are the same in the other two pairs.
  const LOOKS = [
    { theme: "light", width: 1440 },
    { theme: "dark", width: 390 },
  ];
  for (const { theme, width } of LOOKS) {
    test(`${theme} at ${width}`, async ({ page, request, baseURL }) => {
      await page.context().addCookies([{ name: "interlock-theme", value: theme, url: baseURL ?? "" }]);
      await page.setViewportSize({ width, height: 900 });
      const places = [
        ["rows", `/approvals/${(await askDelete(request, MISFIT)).id}`],
        ["text", `/approvals/${(await askEmail(request)).id}`],
        ["history", "/approvals?state=history"],
        ["others", "/approvals?state=others"],
      ] as const;
      for (const [name, place] of places) {
        await page.goto(place);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await page.screenshot({ path: `e2e/.output/desk-${name}-${theme}-${width}.png`, fullPage: name !== "rows" });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${place} scrolls sideways`).toBeLessThanOrEqual(0);
        const found = await axeOn(page).analyze();
        const serious = found.violations.filter(
          (violation) => violation.impact === "serious" || violation.impact === "critical",
        );
        expect(
          serious.map((violation) => [violation.id, violation.nodes.map((node) => node.html.slice(0, 200))]),
        ).toEqual([]);
      }
    });
  }
});
