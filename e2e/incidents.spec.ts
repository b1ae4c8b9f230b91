import { expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { secondOperator, signInAs } from "./people";
import { admin } from "./playwright.config";

test.describe.configure({ timeout: 60_000 });

const person = { authorization: `Bearer ${admin.token}` };

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await axeOn(page).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" ")}`)).toEqual([]);
}

test("a run that was stopped is explained by an incident and goes on when two people have consented", async ({
  page,
  request,
  browser,
}) => {
  test.setTimeout(150_000); // two people and five pages, each looked at by axe
  const listed = await (await request.get("/api/v1/runs?state=running&limit=1", { headers: person })).json();
  const [run] = listed.items;
  const second = await secondOperator(request);
  await signInAs(page, admin);
  await page.goto(`/runs/${run.id}`);
  await page.getByRole("button", { name: "Stop this run…" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("goes round in circles");
  await page.getByRole("dialog").getByRole("button", { name: "Stop now" }).click();
  await expect(page.getByRole("list", { name: "Halted runs" })).toContainText("Needs two people");

  await page.getByRole("link", { name: "Open an incident" }).click();
  await page.getByRole("textbox", { name: "What happened" }).fill("Asked the same thing forty times");
  await page.getByRole("combobox", { name: "Class" }).selectOption("runaway_execution");
  await expect(page.getByText("Nothing outside the agent counted its steps")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Open the incident" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Asked the same thing forty times");
  await expect(page.getByText("Infrastructure gap")).toBeVisible();
  await expectAccessible(page);

  await page.goto("/approvals?state=halted");
  await expectAccessible(page);
  const row = page.getByRole("listitem").filter({ hasText: "goes round in circles" });
  await row.getByRole("button", { name: "Resume…" }).click();
  await page.getByRole("dialog").getByLabel("Steps").fill("5");
  await page.getByRole("dialog").getByLabel("What was found").fill("The list was empty; it is filled now");
  await page.getByRole("dialog").getByRole("button", { name: "Consent" }).click();
  await expect(page.getByRole("dialog").getByText("A second person has to consent as well")).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await expect(row).toContainText("5 more steps");
  await expect(row).toContainText("Needs one more person");

  const other = await (await browser.newContext()).newPage();
  await signInAs(other, second);
  await other.goto("/approvals?state=halted");
  const same = other.getByRole("listitem").filter({ hasText: "goes round in circles" });
  await same.getByRole("button", { name: "Resume…" }).click();
  await expect(other.getByRole("dialog").getByLabel("Steps")).toHaveValue("5");
  await other.getByRole("dialog").getByLabel("What was found").fill("Agreed");
  await other.getByRole("dialog").getByRole("button", { name: "Resume", exact: true }).click();
  await expect(same).toHaveCount(0);
  await expect(row).toHaveCount(0);
  const after = await (await request.get(`/api/v1/runs/${run.id}`, { headers: person })).json();
  expect(after).toMatchObject({ state: "running", halted_reason: null });

  await page.goto("/incidents?state=open");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Asked the same thing forty times" }).click();
  await page.getByRole("button", { name: "Resolve…" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("The import fills the list before the agent starts.");
  await page.getByRole("dialog").getByRole("button", { name: "Resolve", exact: true }).click();
  await expect(page.getByText("Resolved", { exact: true }).first()).toBeVisible();
});

test("an administrator says when an outcome is overdue", async ({ page }) => {
  await signInAs(page, admin);
  await page.goto("/settings");
  await page.getByLabel("Minutes until an outcome is overdue").fill("none");
  const section = page.getByRole("region", { name: /^Outcomes, runs/ });
  await section.getByRole("button", { name: "Save" }).click();
  await expect(section.getByRole("alert")).toBeVisible();
  await page.getByLabel("Minutes until an outcome is overdue").fill("20");
  await section.getByRole("button", { name: "Save" }).click();
  await expect(section.getByRole("alert")).toBeHidden();
  await page.reload();
  await expect(page.getByLabel("Minutes until an outcome is overdue")).toHaveValue("20");
});
