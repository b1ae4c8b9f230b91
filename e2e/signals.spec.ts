import { expect, test } from "@playwright/test";

import { axeOn } from "./axe";
import { signInAs } from "./people";
import { admin } from "./playwright.config";

test("signals say their usual or what they are still learning, and a rule is changed by keyboard", async ({
  page,
  request,
}) => {
  await signInAs(page, admin);
  await page.goto("/signals");
  await expect(page.getByRole("heading", { level: 1, name: "Signals" })).toBeVisible();
  const four = page.getByRole("region", { name: "Four signals" });
  await expect(four.getByRole("listitem")).toHaveCount(4);
  await expect(four.getByText(/^usual /).first()).toBeVisible();
  // The demonstration's calls begin now, its telemetry weeks ago.
  const others = page.getByRole("region", { name: "Other signals" });
  await expect(others.getByText(/^Learning, \d+ of 21 days$/).first()).toBeVisible();
  const { violations } = await axeOn(page).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" ")}`)).toEqual([]);

  const change = page.getByRole("button", { name: "Change the rule Agent is silent" });
  await change.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Agent is silent" });
  await dialog.getByLabel("State").selectOption("off");
  await dialog.getByLabel("Reason").fill("It runs by hand.");
  await dialog.getByRole("button", { name: "Change the rule" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("row", { name: /^Agent is silent/ }).getByText("Off", { exact: true })).toBeVisible();
  const person = { authorization: `Bearer ${admin.token}` };
  const { items } = await (await request.get("/api/v1/alert-rules", { headers: person })).json();
  expect(items.find(({ id }: { id: string }) => id === "silence")).toMatchObject({ on: false, isChanged: true });

  await page.setViewportSize({ width: 390, height: 844 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider).toBe(0);
});
