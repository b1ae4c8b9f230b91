import { readFile } from "node:fs/promises";

import { type BrowserContext, expect, type Page, test } from "@playwright/test";

import { member } from "./people";
import { admin } from "./playwright.config";

// An agent's life on the screens: registered with a manifest, its key shown once, its level moved, its manifest changed.

const HANDLE = `journey-${Date.now().toString(36)}`;

test.describe.configure({ mode: "serial" });

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

/** Opens a page and waits until its scripts are at work: what is typed before that is not theirs. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByText("Live", { exact: true })).toBeAttached();
}

const manifest = (page: Page) => page.getByLabel("Manifest, YAML");
const findings = (page: Page) => page.getByRole("list", { name: "Findings" }).first();

test("faults of the manifest are shown with their lines while it is typed, and a click goes there", async ({
  page,
}) => {
  await open(page, "/agents/new");
  await page.getByLabel("Handle").fill(HANDLE);
  await page.getByRole("button", { name: "Start from the example" }).click();
  await expect(page.getByText("No faults found.").or(page.getByText(/No errors, \d+ warnings?\./))).toBeVisible();
  await expect(page.getByRole("list", { name: "The manifest in plain words" })).toContainText(
    "May never delete customer record",
  );

  const text = await manifest(page).inputValue();
  await manifest(page).fill(
    text.replace("requires_approval", "requires_aproval").replace("max_steps: 20", "max_steps: many"),
  );
  await expect(page.getByText("2 errors: cannot be published.")).toBeVisible();
  await expect(findings(page)).toContainText("did you mean requires_approval?");
  await expect(findings(page).getByRole("button", { name: /^line 20/ })).toBeVisible();

  await findings(page)
    .getByRole("button", { name: /^line 12/ })
    .click();
  await expect(manifest(page)).toBeFocused();
  const selected = await manifest(page).evaluate((field: HTMLTextAreaElement) =>
    field.value.slice(field.selectionStart, field.selectionEnd),
  );
  expect(selected.trim()).toBe("requires_aproval: true");
});

test("an agent is registered with the manifest of the documentation, and its key works and is shown once", async ({
  page,
  request,
}) => {
  await open(page, "/agents/new");
  await page.getByLabel("Handle").fill(HANDLE);
  await page.getByLabel("Task").fill("Answers customers about their orders.");
  await page.getByRole("radio", { name: /Routine autonomy/ }).check();
  await page.getByRole("button", { name: "Start from the example" }).click();
  await page.getByRole("button", { name: "Register agent" }).click();

  await expect(page.getByRole("heading", { name: `${HANDLE} is registered` })).toBeVisible();
  const key = (await page.getByRole("region", { name: "agent key" }).innerText()).trim();
  expect(key).toMatch(/^ilk_[A-Za-z0-9_-]{43}$/);
  await expect(page.getByRole("region", { name: "integration snippet" })).toContainText("/api/v1/decisions");

  const call = { session_id: "s-1", run_id: "r-1", tool: "delete_customer_record", args: {} };
  const answer = await request.post("/api/v1/decisions", { headers: { authorization: `Bearer ${key}` }, data: call });
  expect(await answer.json()).toMatchObject({ verdict: "deny", rule: "tools.blocked[0]" });

  await page.getByRole("link", { name: "I have stored the key" }).click();
  await expect(page.getByRole("heading", { level: 1, name: HANDLE })).toBeVisible();
  await expect(page.getByText(`ilk_…${key.slice(-4)}`)).toBeVisible();
  expect(await page.content()).not.toContain(key);
  await page.goBack();
  expect(await page.content()).not.toContain(key);
});

test("a decision is explained with its rule, which leads to its line of the manifest", async ({ page }) => {
  await open(page, `/decisions?agent=${HANDLE}&verdict=deny`);
  await page.getByRole("table").getByRole("link", { name: "delete_customer_record" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Denied");
  await expect(page.getByRole("list", { name: "Checks, in order" })).toContainText("Blocked tools");
  await page.getByRole("link", { name: "tools.blocked[0]" }).click();
  await expect(page).toHaveURL(/\/manifest\?version=1#L16$/);
  await expect(page.locator("#L16")).toContainText("delete_customer_record");
});

test("what only the commit could count is shown at its check, not as nothing against the call", async ({ page }) => {
  for (const [address, tool, check, verdict] of [
    ["/decisions?agent=release-pilot-v1&verdict=halt", "read_rollout_status", "Bounds of the run", "Halted"],
    ["/decisions?agent=billing-refunds-v1&verdict=deny", "issue_refund", "Sequences and velocity", "Denied"],
  ] as const) {
    await open(page, address);
    await page
      .getByRole("table")
      .getByRole("row", { name: /halted|forbids/ })
      .getByRole("link", { name: tool })
      .click();
    const row = page.getByRole("list", { name: "Checks, in order" }).getByRole("listitem").filter({ hasText: check });
    await expect(row).toContainText(verdict);
    await expect(row).not.toContainText("nothing against it");
  }
});

test("the decisions that are shown are saved as CSV, with the filters at its head", async ({ page }) => {
  await open(page, `/decisions?agent=${HANDLE}&verdict=deny`);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as CSV" }).click(),
  ]);
  const text = await readFile(await file.path(), "utf8");
  expect(text).toContain(`# agent,${HANDLE}`);
  expect(text).toContain("# verdict,deny");
  expect(text.trimEnd().split("\r\n").at(-1)).toContain("delete_customer_record");
});

test("a level is lowered with one click, and raising it waits for a second person", async ({ page }) => {
  await open(page, `/agents/${HANDLE}`);
  await page.getByRole("button", { name: "Lower to level 2" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Act with approval" })).toContainText("now");
  await page.getByRole("button", { name: "Raise to level 3…" }).click();
  await page.getByLabel("What has it shown to earn this?").fill("Forty approved letters, none taken back.");
  await page.getByRole("button", { name: "Raise to level 3", exact: true }).click();
  await expect(page.getByText("A second person is needed for level 3")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Act with approval" })).toContainText("now");
});

test("what waits for a second person is withdrawn by who proposed it", async ({ page }) => {
  await open(page, `/agents/${HANDLE}`);
  await page.getByRole("button", { name: "Withdraw… the proposal for level 3" }).click();
  await page.getByRole("button", { name: "Withdraw", exact: true }).click();
  await expect(page.getByText("A second person is needed for level 3")).toHaveCount(0);
});

test("a new key is made beside the old one, which is then revoked", async ({ page }) => {
  await open(page, `/agents/${HANDLE}`);
  await page.getByRole("button", { name: "New key…" }).click();
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = (await page.getByRole("region", { name: "agent key" }).innerText()).trim();
  await page.getByRole("button", { name: "I have stored the key" }).click();

  const keys = page.getByRole("table", { name: `Keys of ${HANDLE}` });
  await expect(keys.getByText("Works")).toHaveCount(2);
  const old = keys
    .getByRole("row")
    .filter({ hasNotText: key.slice(-4) })
    .filter({ hasText: "Works" });
  await old.getByRole("button", { name: /^Revoke key/ }).click();
  await page.getByRole("button", { name: "Revoke key", exact: true }).click();
  await expect(keys.getByText("Revoked")).toBeVisible();
  await expect(keys.getByText("Works")).toHaveCount(1);
});

test("what narrows takes effect at once; what widens waits for a second person", async ({ page, request }) => {
  await open(page, `/agents/${HANDLE}/manifest/propose`);
  const text = await manifest(page).inputValue();
  await manifest(page).fill(text.replace("max_steps: 20", "max_steps: 10"));
  await expect(page.getByText("It only takes away. It takes effect at once.")).toBeVisible();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page).toHaveURL(/version=2$/);
  await expect(page.getByRole("row", { name: /v2 In force narrows/ })).toBeVisible();

  await open(page, `/agents/${HANDLE}/manifest/propose`);
  await manifest(page).fill(text.replace("max_steps: 20", "max_steps: 200"));
  await expect(page.getByText("It lets the agent do more.")).toBeVisible();
  await page.getByRole("button", { name: "Propose to a second person" }).click();
  await expect(page.getByText("Version 3 lets the agent do more and needs a second person")).toBeVisible();
  await expect(page.getByRole("button", { name: "Publish version 3" })).toHaveAttribute("aria-disabled", "true");

  const data = { email: `second-${HANDLE}@example.com`, name: "Second Person", roles: ["policy_admin"] };
  const { token } = await member(request, data);
  const confirmed = await request.post(`/api/v1/agents/${HANDLE}/manifests/3/publish`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(confirmed.ok(), await confirmed.text()).toBe(true);

  await open(page, `/agents/${HANDLE}/manifest?version=3&compare=2`);
  await expect(page.getByRole("list", { name: "Changes by meaning" })).toContainText("max_steps goes from 10 to 200.");
  await expect(page.getByRole("rowheader", { name: "added line 20" })).toBeVisible();
});

test("a tool is added to the catalogue, and a schema that is none is refused with its place", async ({ page }) => {
  const name = `tool_${Date.now().toString(36)}`;
  await open(page, "/tools/edit");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Undoing it").selectOption("read");
  await page.getByLabel("Blast radius").selectOption("none");
  await page.getByLabel("Arguments, JSON Schema").fill('{\n  "type": "object",\n  "type": "object"\n}');
  await page.getByRole("button", { name: "Add to catalogue" }).click();
  await expect(page.getByText(/line 3, column \d+: This key appears more than once/).first()).toBeVisible();
  await page.getByLabel("Arguments, JSON Schema").fill('{ "type": "object" }');
  await page.getByRole("button", { name: "Add to catalogue" }).click();
  await expect(page.getByText(`${name} is in the catalogue`)).toBeVisible();
  await open(page, `/tools?name=${name}`);
  await expect(page.getByRole("row").filter({ hasText: name })).toContainText("Read");
});
