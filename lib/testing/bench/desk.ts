import { execFileSync } from "node:child_process";
import { cpus } from "node:os";

import { type Browser, chromium } from "@playwright/test";

import { anyone, hintPool } from "@/lib/data/db";

import { approvals, denials, difference, firstLoad, liveUpdates, nextItem, verdicts } from "./desk-measures";
import { openDesk } from "./desk-product";
import { quantile } from "./statistics";

// Measures the desk in Chromium against the product as it is started, with 5,000 actions waiting: how long each step of
// a review takes, beside the longest it may take. Exits non-zero only when it could not measure.
const quick = process.argv.includes("--quick");
const waiting = Number(process.argv.find((word) => word.startsWith("--waiting="))?.slice(10) ?? (quick ? 500 : 5_000));
const times = quick ? 6 : 40;

/** The longest each step may take for 95 of 100. */
const BUDGET_MS = {
  "next item shown (prefetched)": 100,
  "first load (LCP, nothing cached)": 1_500,
  "deny acknowledged": 100,
  "approve acknowledged (after the commit)": 300,
  "new action announced on an open desk": 1_000,
  "verdict reaches a waiting agent": 500,
  "diff on screen: 1,000 rows": 150,
  "diff on screen: 2,000 changed lines": 150,
} as const;

const print = (line: string) => process.stdout.write(`${line}\n`);
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
const engine = `${cpus().length} × ${cpus()[0]?.model ?? "cpu"}`;

const product = await openDesk({ waiting });
let browser: Browser | null = null;
try {
  const flags = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const { CHROMIUM } = { CHROMIUM: process.argv.find((word) => word.startsWith("--chromium="))?.slice(11) };
  browser = await chromium.launch({ args: flags, ...(CHROMIUM && { executablePath: CHROMIUM }) });
  print(
    `bench:desk  commit ${commit}  node ${process.version}  Chromium ${browser.version()}  ${engine}  ${waiting.toLocaleString("en-US")} actions waiting; browser, product and Postgres share the machine\n`,
  );
  print(`${"".padEnd(42)} limit  median     p95     min     max   p95/limit    n`);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addCookies([...product.cookies]);
  row("first load (LCP, nothing cached)", await firstLoad(browser, product, Math.min(10, times)));
  row("next item shown (prefetched)", await nextItem(context, product, times));
  row("diff on screen: 1,000 rows", await difference(context, product, product.rows, times));
  row("diff on screen: 2,000 changed lines", await difference(context, product, product.lines, times));
  row("deny acknowledged", await denials(context, product, times));
  row("approve acknowledged (after the commit)", await approvals(context, product, times));
  row("new action announced on an open desk", await liveUpdates(context, product, times));
  row("verdict reaches a waiting agent", await verdicts(product, times));
} finally {
  await browser?.close();
  await product.stop();
  await Promise.all([anyone.$disconnect(), hintPool.end()]);
}

function row(name: keyof typeof BUDGET_MS, took: readonly number[]): void {
  const limit = BUDGET_MS[name];
  const p95 = quantile(took, 0.95);
  const cells = [limit, quantile(took, 0.5), p95, Math.min(...took), Math.max(...took)];
  const numbers = cells.map((ms) => ms.toFixed(0).padStart(7)).join(" ");
  print(`${name.padEnd(40)}${numbers}      ${(p95 / limit).toFixed(2)}${String(took.length).padStart(7)}`);
}
