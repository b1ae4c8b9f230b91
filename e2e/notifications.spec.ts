import http from "node:http";

import { type BrowserContext, expect, type Page, test } from "@playwright/test";

import { axeOn } from "./axe";
import { admin } from "./playwright.config";

// Who is told, on the screens: a webhook added, tested and seen; quiet hours kept.

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

async function open(page: Page): Promise<void> {
  await page.goto("/settings");
  await page.getByRole("link", { name: "Notifications" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Notifications" })).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeAttached();
}

test("a destination is added with a secret shown once, a test is answered as it was, and a refused address is said", async ({
  page,
}) => {
  const received: { readonly signature: string; readonly body: string }[] = [];
  const receiver = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      received.push({ signature: String(request.headers["webhook-signature"]), body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/hook`;

  await open(page);
  await page.getByLabel("Name", { exact: true }).fill("Own hook");
  await page.getByLabel(/^Address/).fill("https://user:secret@example.com/hook");
  await page.getByRole("button", { name: "Add destination" }).click();
  await expect(page.getByText("must not hold a password").first()).toBeVisible();
  await page.getByLabel(/^Address/).fill(url);
  await page.getByRole("button", { name: "Add destination" }).click();
  await expect(page.getByText(/^whsec_/)).toBeVisible();
  await page.getByRole("button", { name: "Send a test to Own hook" }).click();
  await expect(page.getByText("The receiver took it.")).toBeVisible();
  expect(received[0]?.signature).toMatch(/^v1,/);
  expect(JSON.parse(received[0]?.body ?? "{}")).toMatchObject({ type: "test" });
  await page.reload();
  await expect(page.getByText(/^whsec_/)).toHaveCount(0);
  receiver.closeAllConnections();
  receiver.close();
  await page.getByRole("button", { name: "Send a test to Own hook" }).click();
  await expect(page.getByText("Not delivered: the receiver did not answer.")).toBeVisible();
});

test("quiet hours need both ends, are kept, and the page is readable by everybody", async ({ page }) => {
  await open(page);
  await page.getByLabel("From", { exact: true }).fill("22:00");
  await page.getByRole("region", { name: "How I am told" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("give both ends of the quiet hours, or neither").first()).toBeVisible();
  await page.getByLabel("Until", { exact: false }).first().fill("07:00");
  await page.getByLabel("In the time of").selectOption("Europe/Berlin");
  await page.getByRole("region", { name: "How I am told" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("give both ends of the quiet hours, or neither")).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel("From", { exact: true })).toHaveValue("22:00");
  await expect(page.getByLabel("In the time of")).toHaveValue("Europe/Berlin");
  const { violations } = await axeOn(page).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
});
