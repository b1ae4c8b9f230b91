import path from "node:path";
import { defineConfig } from "@playwright/test";

import { findBrowser } from "../lib/cli/stack/browser.mjs";

/** The first admin of the server under test, for signing in and for calling its API. */
export const admin = {
  email: "admin@example.com",
  password: "correct-horse-battery-staple",
  token: "ilp_e2e_5d2c8f1b7a904e63b2d1c0f9",
} as const;

const root = path.resolve(import.meta.dirname, "..");
const port = Number(process.env.E2E_PORT ?? 3999);
const executablePath = findBrowser();
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : []; // Chromium's does not work for root

export default defineConfig({
  testDir: ".",
  outputDir: process.env.E2E_OUTPUT_DIR ?? ".output", // two runs at once must not clear each other's
  workers: 1,
  // A second try where nobody watches: the run says which journeys needed it, and one that fails twice fails.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  // No journey measures time: on two cores the first pages of two servers take a while to load.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    screenshot: "only-on-failure",
    trace: process.env.E2E_TRACE ? "retain-on-failure" : "off", // recording every test costs a fifth of the run
    launchOptions: { ...(executablePath && { executablePath }), args: [...quiet, "--disable-sync", ...sandbox] },
  },
  webServer: {
    command: "node lib/cli/stack/e2e-server.mjs",
    cwd: root,
    url: `http://127.0.0.1:${port}/readyz`,
    timeout: 600_000,
    reuseExistingServer: false,
    stdout: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
    env: {
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      INTERLOCK_DATA_DIR: process.env.E2E_DATA_DIR ?? path.join(root, ".data/e2e"),
      INTERLOCK_BOOTSTRAP_EMAIL: admin.email,
      INTERLOCK_BOOTSTRAP_PASSWORD: admin.password,
      INTERLOCK_BOOTSTRAP_TOKEN: admin.token,
      DEMO: "1",
      INTERLOCK_COOLING_OFF_HOURS: "0", // journeys of other things make the people they need in a moment
      INTERLOCK_ALLOW_PRIVATE_DESTINATIONS: "1", // what receives our messages here is on this machine
      DATABASE_URL: "", // its own, whatever the developer's environment says
      LOG_LEVEL: "warn",
    },
  },
});
