import path from "node:path";

import { expect, test } from "@playwright/test";

import { admin } from "./playwright.config";

// The pictures of the README are taken here, so that they cannot show what the product no longer is.
const pictures = path.resolve(import.meta.dirname, "../public/screenshots");

test.use({ viewport: { width: 1440, height: 900 } });

test("the desk as the README shows it", async ({ page, request }) => {
  await page.goto("/signin");
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password", { exact: true }).fill(admin.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/overview/);
  const listed = await request.get("/api/v1/approvals?state=waiting&agent=data-hygiene-v2", {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  const { items } = await listed.json();
  const bulk = items.find((item: { tool: string }) => item.tool === "delete_contacts");
  await page.goto(`/approvals?item=${bulk.id}`);
  await expect(page.getByText("183 of 214 rows are not in the stated request.")).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.screenshot({ path: path.join(pictures, "desk.png") });
});
