import { setTimeout as sleep } from "node:timers/promises";

import type { Browser, BrowserContext, Page } from "@playwright/test";

import { send } from "@/lib/testing/client";

import type { Desk } from "./desk-product";

const HEADING = "[data-review-heading]";
/** What may be fetched ahead while a reviewer looks. */
const LOOKING_MS = 700;

/** Milliseconds until the largest thing of the desk is painted, each time in a browser that has nothing yet. */
export async function firstLoad(browser: Browser, desk: Desk, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addCookies([...desk.cookies]);
    const page = await context.newPage();
    await page.goto(`${desk.url}/approvals`, { waitUntil: "load" });
    await page.locator("h1").first().waitFor();
    await sleep(400);
    took.push(
      await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
              type: "largest-contentful-paint",
              buffered: true,
            });
          }),
      ),
    );
    await context.close();
  }
  return took;
}

/** From the key until the next action's heading is painted. */
export async function nextItem(context: BrowserContext, desk: Desk, times: number): Promise<number[]> {
  const page = await openPage(context, `${desk.url}/approvals`);
  await page.keyboard.press("b"); // takes a batch
  await page.waitForURL("**/approvals?item=*");
  await sleep(LOOKING_MS);
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    await sleep(LOOKING_MS);
    const address = page.url();
    const shown = `location.href !== ${JSON.stringify(address)} && document.activeElement?.matches("${HEADING}")`;
    took.push(await timed(page, shown, () => page.keyboard.press("j")));
  }
  await page.close();
  return took;
}

/** From going to an action that was fetched ahead until the first row of its difference is painted. */
export async function difference(context: BrowserContext, desk: Desk, id: string, times: number): Promise<number[]> {
  const here = `${desk.url}/approvals/${await desk.ask()}`;
  const there = `/approvals/${id}`;
  const page = await context.newPage();
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    await openAction(page, here);
    await page.evaluate((href) => Reflect.get(window, "next").router.prefetch(href, { kind: "full" }), there);
    await page.waitForFunction(
      (part) => performance.getEntriesByType("resource").some(({ name }) => name.includes(part)),
      `${there}?_rsc`, // an entry is made when the answer has come whole
    );
    await sleep(LOOKING_MS);
    const rows = `document.querySelectorAll("[data-review-part] tr").length`;
    const go = () =>
      page.evaluate((href) => {
        Reflect.set(window, "pressedAt", performance.now());
        Reflect.get(window, "next").router.push(href);
      }, there);
    took.push(await timed(page, `location.pathname === ${JSON.stringify(there)} && ${rows} > 5`, go));
  }
  await page.close();
  return took;
}

/** From the reason's key until the page says that it is denied or being recorded. */
export async function denials(context: BrowserContext, desk: Desk, times: number): Promise<number[]> {
  const took: number[] = [];
  const page = await context.newPage();
  for (let n = 0; n < times; n += 1) {
    await openAction(page, `${desk.url}/approvals/${await desk.ask()}`);
    await page.keyboard.press("d");
    await page.getByRole("list", { name: "Reasons" }).waitFor();
    took.push(
      await timed(page, `/Denied|Recording your denial/.test(document.body.innerText)`, () => page.keyboard.press("1")),
    );
    await page.waitForTimeout(300);
  }
  await page.close();
  return took;
}

/** From the key until the page says that the approval is recorded, which it says after the commit only. */
export async function approvals(context: BrowserContext, desk: Desk, times: number): Promise<number[]> {
  const took: number[] = [];
  const page = await context.newPage();
  for (let n = 0; n < times; n += 1) {
    await openAction(page, `${desk.url}/approvals/${await desk.ask()}`);
    await sleep(900);
    await page.keyboard.press("a");
    await page.getByRole("group", { name: "Approve once" }).waitFor();
    const said = `[...document.querySelectorAll("[role=status]")].some((one) => /^Approved/.test(one.textContent ?? ""))`;
    took.push(await timed(page, said, () => page.keyboard.press("Enter")));
    await page.waitForTimeout(300);
  }
  await page.close();
  return took;
}

/** What the page's status regions say, as text for the page. */
const SAID = `[...document.querySelectorAll("[role=status]")].map((one) => one.textContent).join("|")`;

/** From the answer to the agent until an open desk says that there is a new action. */
export async function liveUpdates(context: BrowserContext, desk: Desk, times: number): Promise<number[]> {
  const page = await openPage(context, `${desk.url}/approvals`);
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    await sleep(LOOKING_MS);
    const shown = page.evaluate<number>(`new Promise((resolve) => {
      const before = ${SAID};
      const look = () => {
        const said = ${SAID};
        if (said !== before && /\\d+ new/.test(said)) resolve(Date.now());
        else requestAnimationFrame(look);
      };
      look();
    })`);
    await sleep(100); // until it watches
    shown.catch(() => undefined); // what fails first is told
    const id = await desk.ask();
    const at = Date.now();
    took.push(Math.max(0, (await shown) - at));
    await deny(desk, id); // an agent may leave only so many waiting
  }
  await page.close();
  return took;
}

/** From the answer to the person who decided until the agent that waits has its answer. */
export async function verdicts(desk: Desk, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const id = await desk.ask();
    const told = desk.wait(id).then(() => performance.now());
    await sleep(150);
    await deny(desk, id);
    const at = performance.now();
    took.push(Math.max(0, (await told) - at));
  }
  return took;
}

const deny = (desk: Desk, id: string) =>
  send(desk.url, `/api/v1/approvals/${id}/votes`, desk.admin, { verdict: "deny" });

async function openPage(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await openAction(page, address);
  return page;
}

/** Until the page is alive and no longer deaf to keys. */
async function openAction(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByText("Live", { exact: true }).waitFor({ state: "attached" });
  await sleep(500);
}

/**
 * Milliseconds from what is done next, a key or a call that sets `pressedAt`, until a condition holds and the frame that
 * shows it is painted.
 */
async function timed(page: Page, condition: string, act: () => Promise<unknown>): Promise<number> {
  // As text, because the page's own policy lets nothing be made into a function. Watching begins before the act does.
  await page.evaluate(`(() => {
    window.pressedAt = null;
    const began = performance.now();
    const note = () => { window.pressedAt ??= performance.now(); };
    window.addEventListener("keydown", note, { capture: true, once: true });
    window.measured = new Promise((resolve, reject) => {
      const look = () => {
        const from = window.pressedAt;
        if (performance.now() - began > 20000) return reject(new Error("never: " + ${JSON.stringify(condition)}));
        if (from === null || !(${condition})) return requestAnimationFrame(look);
        // After this very frame, whose style, layout and paint follow the callback, has been handed over.
        setTimeout(() => resolve(performance.now() - from), 0);
      };
      look();
    });
  })()`);
  await act();
  return page.evaluate<number>("window.measured");
}
