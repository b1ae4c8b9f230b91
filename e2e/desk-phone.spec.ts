import { expect, type Page, test } from "@playwright/test";

import { type DeskAgent, expectSound, givenDeskAgent, openAction } from "./desk-agent";

let agent: DeskAgent;
let cookies: Awaited<ReturnType<DeskAgent["signIn"]>> = [];

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
test.beforeAll(async ({ browser, baseURL }) => {
  agent = await givenDeskAgent(baseURL, "phoned");
  cookies = await agent.signIn(browser);
});
test.beforeEach(async ({ page }) => {
  test.setTimeout(90_000);
  await page.context().addCookies(cookies);
});

const settles = (id: string, state: string) => expect.poll(async () => (await agent.stateOf(id)).state).toBe(state);

/** Whatever can be pressed is large enough for a finger's neighbourhood, and not under the bar when it has the focus. */
async function expectReach(page: Page): Promise<void> {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, a[href], input, select, summary")]
      .filter((one) => one.checkVisibility() && !one.closest("p, dd, li, .sr-only, td") && !one.matches(".sr-only"))
      .map((one) => ({ name: one.textContent?.trim().slice(0, 40), box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(({ name, box }) => `${name}: ${Math.round(box.width)}×${Math.round(box.height)}`),
  );
  expect(small).toEqual([]);
}

test("a phone reads and denies what it may not approve, and can send itself the link", async ({ page }) => {
  const { id } = await agent.askDelete();
  await openAction(page, id);
  await expect(page.getByText("Open this on a larger screen to approve it.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Mail it to myself" })).toHaveAttribute(
    "href",
    new RegExp(`^mailto:\\?.*${encodeURIComponent(`/approvals/${id}`)}`),
  );
  await expect(page.getByRole("button", { name: "Copy the link" })).toBeVisible();
  await expectSound(page, "High on a phone");
  await expectReach(page);
  await page.getByRole("button", { name: /Approve once/ }).tap({ force: true });
  await expect(page.getByRole("group", { name: "Approve once" })).toBeHidden();
  await page.getByRole("button", { name: /Deny$/ }).tap();
  await page.getByRole("button", { name: /Wrong target/ }).tap();
  await settles(id, "denied");
});

test("a phone returns, puts off, stops, and approves what it can show", async ({ page }) => {
  const [returned, approved] = [await agent.askEmail(), await agent.askEmail()];
  await openAction(page, returned.id);
  await page.getByRole("button", { name: /Stop agent/ }).tap();
  await expect(page.getByRole("dialog", { name: "Stop this agent" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).tap();
  await page.getByRole("button", { name: /Return with note/ }).tap();
  await page.getByLabel("What should the agent do instead?").fill("write to the account holder");
  await expectSound(page, "returning on a phone");
  await page
    .getByRole("group", { name: "Return with note" })
    .getByRole("button", { name: /Return with note/ })
    .tap();
  await settles(returned.id, "returned");

  await openAction(page, approved.id);
  await page.getByRole("button", { name: /Approve once/ }).tap();
  await expectSound(page, "approving on a phone");
  await page
    .getByRole("group", { name: "Approve once" })
    .getByRole("button", { name: /Approve once/ })
    .tap();
  await settles(approved.id, "approved");
  await page.goto(`/approvals/${approved.id}`);
  await expect(page.getByRole("region", { name: "Where this stands" })).toContainText("Not started");
  await expectSound(page, "approved on a phone");
});

test("everything still fits 320 px, and nothing that has the focus lies under a bar", async ({ page }) => {
  const { id } = await agent.askDelete();
  await page.setViewportSize({ width: 320, height: 640 });
  await openAction(page, id);
  await expectSound(page, "320 px");
  const hidden: string[] = [];
  for (let n = 0; n < 45; n += 1) {
    await page.keyboard.press("Tab");
    const under = await page.evaluate(() => {
      const one = document.activeElement;
      if (!(one instanceof HTMLElement) || one === document.body || one.closest("dialog")) return null;
      const box = one.getBoundingClientRect();
      if (box.height === 0 || box.height > innerHeight / 2) return null; // a region that scrolls
      const at = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + box.height / 2);
      return at === null || one.contains(at) || at.contains(one)
        ? null
        : (one.textContent ?? one.outerHTML).slice(0, 60);
    });
    if (under !== null) hidden.push(under);
  }
  expect(hidden).toEqual([]);
});
