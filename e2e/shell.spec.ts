import { expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { admin } from "./playwright.config";

// What every page has: who may see it, how it looks, where it leads.

const ROOMS = ["Overview", "Desk", "Runs", "Decisions", "Incidents", "Agents", "Policy", "Ledger", "Settings"] as const;
const PAGES = [
  "/overview",
  "/approvals",
  "/approvals?state=history",
  "/agents",
  "/agents/new",
  "/agents/support-triage-v2",
  "/guardrails",
  "/guardrails/propose",
  "/tools",
  "/runs",
  "/runs/find",
  "/runs/find?id=0af7651916cd43dd8448eb211c80319c",
  "/decisions",
  "/incidents",
  "/incidents/new",
  "/approvals?state=halted",
  "/approvals?state=unknown",
  "/ledger",
  "/spend",
  "/spend/budgets",
  "/spend/advice",
  "/signals",
  "/signals/objectives",
  "/signals/weekly",
  "/agents/support-triage-v2/outcomes",
  "/agents/billing-refunds-v1/outcomes",
  "/signals/dependencies",
  "/overview?view=finance",
  "/settings",
  "/people",
  "/reviewers",
  "/settings/notifications",
  "/settings/prices",
  "/settings/redaction",
];
/** The longest rule of the demo. */
const GUARDED = "/decisions?agent=release-pilot-v1&verdict=deny";
/** Lists whose first link leads to a page of another kind. */
const ITEMS = [
  { list: "/agents", prefix: "/agents/" },
  { list: "/runs", prefix: "/runs/" },
  { list: "/runs", prefix: "/runs/traces/" },
  { list: "/decisions", prefix: "/decisions/" },
  { list: GUARDED, prefix: "/decisions/" },
  { list: "/incidents", prefix: "/incidents/" },
  { list: "/approvals?state=history", prefix: "/approvals/" },
];

const button = (page: Page) => page.getByRole("button", { name: "Sign in", exact: true });

async function signIn(page: Page, password: string = admin.password): Promise<void> {
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await button(page).click();
}

async function signedIn(page: Page, path = "/overview"): Promise<void> {
  await page.goto("/signin");
  await signIn(page);
  await expect(page).toHaveURL(/\/overview$/);
  if (path !== "/overview") await page.goto(path);
}

/** Addresses of one page of each kind: the rooms, and the first item of each list that has one. */
async function everyPage(page: Page): Promise<string[]> {
  const items: string[] = [];
  for (const { list, prefix } of ITEMS) {
    await page.goto(list);
    const links = await page
      .locator(`main a[href^="${prefix}"]`)
      .evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
    const first = links.find((href) => !href.endsWith("/new") && !href.includes("export"));
    if (first) items.push(first);
  }
  return [...PAGES, ...items];
}

/** What the browser complains about: violated policies, errors in the console, exceptions. */
async function complaintsOf(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  await page.exposeFunction("reportViolation", (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report: unknown = Reflect.get(window, "reportViolation");
      if (typeof report === "function") report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
  });
  return complaints;
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test.describe("signing in", () => {
  test("leads a stranger to the sign-in page and back to where they wanted to go", async ({ page }) => {
    await page.goto("/decisions?verdict=deny");
    await expect(page).toHaveURL(/\/signin\?callbackUrl=/);
    await signIn(page);
    await expect(page).toHaveURL(/\/decisions\?verdict=deny$/);
  });

  test("says when the password is wrong, keeps the address and then takes the right one", async ({ page }) => {
    await page.goto("/signin");
    await signIn(page, "not the password");
    await expect(page.getByRole("alert").filter({ hasText: "is wrong" })).toBeVisible();
    await expect(page.getByLabel("E-mail address")).toHaveValue(admin.email);
    await signIn(page);
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  });

  test("works before any script has loaded", async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto("/signin?callbackUrl=/settings");
    await signIn(page, "not the password");
    await expect(page.getByText("is wrong")).toBeVisible();
    await signIn(page);
    await expect(page).toHaveURL(/\/settings$/);
    await context.close();
  });

  test("T81 goes to no other origin afterwards", async ({ page }) => {
    for (const elsewhere of [
      "//evil.example",
      "https://evil.example/",
      "/\\evil.example",
      "/%09/evil.example",
      "javascript:alert(1)",
    ]) {
      await page.context().clearCookies();
      await page.goto(`/signin?callbackUrl=${encodeURIComponent(elsewhere)}`);
      await signIn(page);
      await expect(page).not.toHaveURL(/signin/);
      expect(new URL(page.url()).origin).toBe(new URL(test.info().project.use.baseURL ?? "").origin);
    }
  });

  test("T77 is refused to a form of another origin and to one that hides where it comes from", async ({
    page,
    request,
  }) => {
    await page.goto("/signin");
    const hidden = await page
      .locator('form input[type="hidden"]')
      .evaluateAll((all) => all.map((input) => [input.getAttribute("name") ?? "", input.getAttribute("value") ?? ""]));
    const multipart = { ...Object.fromEntries(hidden), email: admin.email, password: admin.password };
    for (const headers of [
      {},
      { origin: "null" },
      { origin: "https://evil.example" },
      { "sec-fetch-site": "cross-site" },
    ]) {
      const answer = await request.post("/signin", { multipart, headers, maxRedirects: 0 });
      expect(answer.headers()["set-cookie"] ?? "").not.toContain("session-token=ey");
      expect(answer.status()).not.toBe(303);
    }
  });

  test("T78 ends with signing out, whatever copy of the cookie is left", async ({ page, browser }) => {
    await signedIn(page);
    const storageState = await page.context().storageState();
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/signin$/);

    const thief = await browser.newContext({ storageState });
    const stolen = await thief.newPage();
    await stolen.goto("/settings");
    await expect(stolen).toHaveURL(/\/signin/);
    expect((await thief.request.get("/api/v1/events/stream")).status()).toBe(401);
    await thief.close();
  });
});

test.describe("every page", () => {
  test("has nothing axe calls serious, light and dark, and breaks no content policy", async ({ page }) => {
    test.setTimeout(240_000); // axe takes seconds a page where the machine is busy
    const complaints = await complaintsOf(page);
    await signedIn(page);
    for (const path of await everyPage(page)) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      await expect(page).toHaveTitle(/Interlock$/);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const axe = axeOn(page);
        // What is on the page is the same in both; only its colours are not.
        if (colorScheme === "dark") axe.withRules(["color-contrast", "link-in-text-block"]);
        const { violations } = await axe.analyze();
        const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        const found = grave.map(({ id, impact, nodes }) => `${path} ${colorScheme} ${impact} ${id}: ${nodes[0]?.html}`);
        expect(found).toEqual([]);
      }
    }
    expect(complaints).toEqual([]);
  });

  test("holds at 390 and at 1440 px without scrolling sideways", async ({ page }) => {
    test.slow();
    await signedIn(page);
    for (const path of await everyPage(page)) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 844 });
        expect(`${path} at ${width}: ${await overflow(page)} px too wide`).toBe(`${path} at ${width}: 0 px too wide`);
      }
    }
  });

  test("is reached from the top bar, by keyboard alone", async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await signedIn(page);
    await page.goto("/overview");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.locator("#main")).toBeFocused();
    for (const room of ROOMS) {
      const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: new RegExp(`^${room}`) });
      await link.focus();
      await page.keyboard.press("Enter");
      await expect(link).toHaveAttribute("aria-current", "page");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    }
  });

  test("is reached from the menu of a narrow screen", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await signedIn(page);
    for (const room of ROOMS) {
      await page.getByRole("button", { name: /^Menu/ }).click();
      const link = page.locator("#menu").getByRole("link", { name: new RegExp(`^${room}`) });
      const href = await link.getAttribute("href");
      await link.click();
      await expect(page).toHaveURL((url) => url.pathname === href);
      await expect(page.getByRole("button", { name: /^Menu/ })).toHaveAttribute("aria-expanded", "false");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    }
  });

  test("says that it is live, and what is not there", async ({ page }) => {
    await signedIn(page);
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    expect((await page.goto("/agents/nobody-of-this-name"))?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1, name: "There is nothing here" })).toBeVisible();
    expect((await page.goto("/no/such/page"))?.status()).toBe(404);
  });
});

test.describe("preferences", () => {
  test("are in the first byte of the next page", async ({ page, request }) => {
    await signedIn(page, "/settings");
    await page.getByRole("radio", { name: "Dark" }).check();
    await page.getByRole("radio", { name: "Comfortable" }).check();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    const { cookies } = await page.context().storageState();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const html = await (await request.get("/settings", { headers: { cookie } })).text();
    expect(html).toMatch(/<html[^>]*data-theme="dark"[^>]*data-density="comfortable"/);
    expect(html.slice(0, html.indexOf("</head>"))).toContain("<title>Settings · Interlock</title>");

    await page.getByRole("button", { name: /^Theme: dark/ }).click();
    await expect(page.getByRole("radio", { name: "System" })).toBeChecked();
  });

  test("follow the system unless told otherwise", async ({ page }) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto("/signin");
    const dark = await ground();
    await page.emulateMedia({ colorScheme: "light" });
    expect(await ground()).not.toBe(dark);
  });
});

test("the stop dialog says what it will do and gives the focus back", async ({ page }) => {
  await signedIn(page);
  const stop = page.getByRole("banner").getByRole("button", { name: "Stop…" });
  await stop.click();
  const dialog = page.getByRole("dialog", { name: "Stop this workspace" });
  await expect(dialog).toContainText("becomes halt from the moment this answers");
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  expect((await axeOn(page).analyze()).violations).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(stop).toBeFocused();
});

test("a token is shown once, works, and stops working when it is revoked", async ({ page, request }) => {
  await signedIn(page, "/settings");
  const name = `e2e ${Date.now()}`;
  await page.getByLabel("Name of the new token").fill(name);
  await page.getByRole("button", { name: "Make token" }).click();
  const note = page.getByRole("note").filter({ hasText: "Your new token" });
  const token = /ilp_[A-Za-z0-9_-]{43}/.exec(await note.innerText())?.[0] ?? "";
  const headers = { authorization: `Bearer ${token}` };
  expect((await request.get("/api/v1/members", { headers })).status()).toBe(200);

  await page.reload();
  await expect(page.getByText(token)).toHaveCount(0);
  await page.getByRole("button", { name: `Revoke… the token “${name}”` }).click();
  await page.getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(page.getByRole("rowheader", { name })).toHaveCount(0);
  expect((await request.get("/api/v1/members", { headers })).status()).toBe(401);
});
