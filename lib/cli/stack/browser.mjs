import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

import { Stop, step } from "./output.mjs";
import { inPackage } from "./paths.mjs";
import { execute } from "./run.mjs";

const SYSTEM = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const DOWNLOAD_LIMIT_MS = 120_000;
const INSTRUCTION =
  "No browser for the browser journeys: run `npx playwright install chromium`, or install one (Debian: apt-get install -y chromium), or set CHROMIUM_PATH.";

/** The browser to test with: the one named, Playwright's own, or the system's; `undefined` if there is none that runs. */
export function findBrowser() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const own = createRequire(import.meta.url)("playwright-core").chromium.executablePath();
  if (existsSync(own)) return own;
  return SYSTEM.find((file) => existsSync(file) && spawnSync(file, ["--version"]).status === 0); // Ubuntu's is a stub
}

/** The same, installing one first where that is possible. */
export async function ensureBrowser() {
  if (findBrowser()) return;
  await step("Downloading a browser", download);
  if (!findBrowser() && process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
    await step("Installing a browser", installPackage);
  }
  if (!findBrowser()) throw new Stop(INSTRUCTION);
}

const download = () =>
  execute(process.execPath, [inPackage("@playwright/test/cli.js"), "install", "chromium"], {
    timeoutMs: DOWNLOAD_LIMIT_MS,
  });

async function installPackage() {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await execute("apt-get", ["update"], { env });
  // The shell draws the same pages with less work; not every release of Debian has it.
  for (const browser of ["chromium-headless-shell", "chromium"]) {
    const args = ["install", "-y", "--no-install-recommends", browser, "fonts-liberation"];
    if ((await execute("apt-get", args, { env })).code === 0) return;
  }
}
