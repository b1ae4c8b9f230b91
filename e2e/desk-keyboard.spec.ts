import { expect, type Page, test } from "@playwright/test";

import { awake, type DeskAgent, expectSound, givenDeskAgent, openAction } from "./desk-agent";
import { admin } from "./playwright.config";

// Nothing here is ever clicked.
let agent: DeskAgent;
let cookies: Awaited<ReturnType<DeskAgent["signIn"]>> = [];

test.beforeAll(async ({ browser, baseURL }) => {
  agent = await givenDeskAgent(baseURL, "keyed");
  cookies = await agent.signIn(browser);
});
test.beforeEach(async ({ page }) => {
  test.setTimeout(180_000);
  await page.context().addCookies(cookies);
  await page.emulateMedia({ reducedMotion: "reduce" });
});

const stands = (page: Page) => page.getByRole("region", { name: "Where this stands" });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 60) ?? "");
const settles = (id: string, state: string) => expect.poll(async () => (await agent.stateOf(id)).state).toBe(state);

/** Goes on by Tab until what has the focus has this name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let n = 0; n < 80 && !name.test(await focused(page)); n += 1) await page.keyboard.press("Tab");
  expect(await focused(page)).toMatch(name);
}

test("keys lead through an action, its evidence, its rule, its run and its agent, and to every other place", async ({
  page,
}) => {
  const { id } = await agent.askEmail();
  await openAction(page, id);

  await page.keyboard.press("n");
  await expect.poll(() => focused(page)).toMatch(/removed line.*Dear Ann/s);
  await page.keyboard.press("n");
  await expect.poll(() => focused(page)).toMatch(/Yours|Bye/);
  await page.keyboard.press("p");
  await expect.poll(() => focused(page)).toMatch(/Dear Ann/);
  for (const key of ["1", "3", "5"]) {
    await page.keyboard.press(key);
    await expect.poll(() => focused(page)).toMatch(new RegExp(`^${key} `));
  }
  await page.keyboard.press(".");
  await expect(page.getByRole("dialog", { name: "Stop this agent" })).toBeVisible();
  await page.keyboard.press("d"); // typed into the reason, and no denial
  await page.keyboard.press("Escape");
  await expect(page.getByRole("list", { name: "Reasons" })).toBeHidden();

  await page.keyboard.press("m");
  await expect(page).toHaveURL(/manifest\/propose\?version=1&line=5$/);
  const line = page.getByRole("textbox", { name: "Manifest, YAML" });
  await expect(line).toBeFocused();
  expect(
    await line.evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd)),
  ).toMatch(/name: "send_keyed"|requires_approval/);
  await page.goBack();
  await awake(page);
  await page.keyboard.press("o");
  await expect(page).toHaveURL(/\/runs\//);
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/\/agents$/);
  await page.keyboard.press("/");
  await expect(page).toHaveURL(/state=history/);
  await expect(page.getByRole("searchbox", { name: "Words or an id" })).toBeFocused();
  await page.keyboard.type(`${id}`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`text=${id}`));
  await expect(page.getByText("Live", { exact: true })).toBeAttached();

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Go to or do" })).toBeFocused();
  await page.keyboard.type(id);
  await expect(page.getByRole("dialog").getByRole("option")).toHaveCount(1); // what waits is asked for when the palette opens
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/approvals/${id}$`));
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Deny; then 1–6 for a reason");
  await expectSound(page, "the help");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/\/approvals\?|\/approvals$/);
});

test("a denial goes on to the next action, which no key of the last press can decide", async ({ page }) => {
  for (const _one of [1, 2, 3]) await agent.askEmail();
  await page.goto("/approvals");
  await expect(page.getByText("Live", { exact: true })).toBeAttached();
  await page.keyboard.press("b");
  await expect(page).toHaveURL(/item=/);
  const itemOf = () => new URL(page.url()).searchParams.get("item") ?? "";
  const first = itemOf();
  await awake(page);
  // As soon as another heading has the focus, the same two keys again, as a hand that is too quick presses them.
  await page.evaluate((heading) => {
    const press = (key: string) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const start = location.href;
    const look = () => {
      if (location.href === start || !document.activeElement?.matches(heading)) return requestAnimationFrame(look);
      press("d");
      press("1");
      document.documentElement.dataset["pressed"] = "1";
    };
    look();
  }, "[data-review-heading]");
  await page.keyboard.press("d");
  await page.keyboard.press("1");
  await settles(first, "denied");
  await expect(page.locator("html[data-pressed]")).toBeAttached();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByRole("list", { name: "Reasons" })).toBeHidden();
  await expect(page.getByRole("paragraph").filter({ hasText: "Denied." })).toContainText("Look at it");
  expect(itemOf()).not.toBe(first);
  expect((await agent.stateOf(itemOf())).state).toBe("waiting");
});

test("every state says what it is, by keyboard alone and in both themes", async ({ page }) => {
  const [returned, withdrawn, expired, approved, used] = await Promise.all([
    agent.askEmail(),
    agent.askEmail(),
    agent.askSoon(),
    agent.askEmail(),
    agent.askEmail(),
  ]);
  await openAction(page, returned.id);
  await expectSound(page, "waiting");
  await page.keyboard.press("r");
  await page.keyboard.type("write to the account holder");
  await page.keyboard.press("Control+Enter");
  await settles(returned.id, "returned");
  for (const { id } of [approved, used]) {
    await openAction(page, id);
    await page.keyboard.press("a");
    await page.keyboard.press("Enter");
    await settles(id, "approved");
  }
  await agent.withdraw(withdrawn.id);
  expect((await agent.use(used)).verdict).toBe("allow");
  await settles(expired.id, "expired");

  const words: readonly (readonly [string, string, RegExp])[] = [
    ["returned", returned.id, /did not run/],
    ["withdrawn", withdrawn.id, /The agent gave up/],
    ["expired", expired.id, /did not run\. Nobody decided\./],
    ["used", used.id, /used once/],
    ["approved", approved.id, /Not started/],
  ];
  for (const [state, id, sentence] of words) {
    await page.goto(`/approvals/${id}`);
    await expect(stands(page), state).toContainText(sentence);
    await expect(page.getByRole("button", { name: /Approve once/ })).toHaveCount(0);
    await expectSound(page, state);
  }
  await expect(page.getByText("Live", { exact: true })).toBeAttached();
  await tabTo(page, /^Take the approval back/);
  await page.keyboard.press("Enter");
  await expect(stands(page)).toContainText("took the approval back");
  expect((await agent.use(approved)).verdict).toBe("deny");
});

test("what somebody else decides while one is typing keeps one's words", async ({ page }) => {
  const { id } = await agent.askEmail();
  await openAction(page, id);
  await page.keyboard.press("d");
  await expect(page.getByRole("list", { name: "Reasons" })).toBeVisible();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type("the wrong Ann");
  await agent.vote(id, "return", "ask her first");
  await expect(stands(page)).toContainText("ask her first");
  await expect(stands(page)).toContainText("Your words: the wrong Ann");
});

test("keys are changed, refused with a reason, taken away and given back", async ({ page }) => {
  await page.goto("/settings#keyboard");
  await expect(page.getByText("Live", { exact: true })).toBeAttached();
  const change = (words: RegExp) => page.getByRole("button", { name: words }).press("Enter");
  await change(/Change the key: Approve once/);
  await page.keyboard.press("s");
  await expect(page.getByRole("alert").filter({ hasText: "too near" })).toBeVisible();
  await page.keyboard.press("z");
  await expect(page.getByRole("alert").filter({ hasText: "Z is taken" })).toBeVisible();
  await page.keyboard.press("Escape");
  await change(/Change the key: Return with a note/);
  await page.keyboard.press("w");
  await change(/Take the key away: Deny; then/);
  await expectSound(page, "the keys");

  const { id } = await agent.askEmail();
  await openAction(page, id);
  await page.keyboard.press("d");
  await page.keyboard.press("r");
  await expect(page.getByRole("list", { name: "Reasons" })).toBeHidden();
  await page.keyboard.press("w");
  await expect(page.getByRole("group", { name: "Return with note" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.goto("/settings#keyboard");
  await expect(page.getByText("Live", { exact: true })).toBeAttached();
  await page.getByRole("button", { name: "All as at first" }).press("Enter");
  await expect(page.getByRole("button", { name: "All as at first" })).toHaveAttribute("aria-disabled", "true");
});

test("T77 an answer sent from elsewhere, or as no form, is none", async ({ page, baseURL }) => {
  const { id } = await agent.askEmail();
  await openAction(page, id);
  const { display_digest } = await (
    await page.request.get(`/api/v1/approvals/${id}`, { headers: { authorization: `Bearer ${admin.token}` } })
  ).json();
  const multipart = { approval_id: id, verdict: "deny", display_digest, note: "from elsewhere" };
  const own = { origin: baseURL ?? "", "sec-fetch-site": "same-origin" };
  for (const headers of [
    {},
    { origin: "null" },
    { origin: "https://evil.example" },
    { "sec-fetch-site": "cross-site" },
  ]) {
    const answer = await page.request.post("/approvals/votes", { multipart, headers });
    expect(answer.status()).toBe(403);
  }
  const long = { ...multipart, note: "x".repeat(70_000) };
  for (const wrong of [{ multipart: long }, { data: "{}" }, { multipart: { approval_id: id } }]) {
    const answer = await page.request.post("/approvals/votes", { ...wrong, headers: own });
    expect(await answer.json()).toMatchObject({ status: "refused" });
  }
  expect((await agent.stateOf(id)).state).toBe("waiting");
  const answer = await page.request.post("/approvals/votes", { multipart, headers: own });
  expect(await answer.json()).toMatchObject({ status: "done" });
  expect((await agent.stateOf(id)).state).toBe("denied");
});
