import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { ensureBrowser } from "./browser.mjs";
import { bundleWork, ensureBuilt, ensureClient } from "./build.mjs";
import { hasPages } from "./freshness.mjs";
import { explain, say, Stop } from "./output.mjs";
import { inPackage, readJson, root } from "./paths.mjs";
import { freePort } from "./ports.mjs";
import { execute } from "./run.mjs";
import { ensureSchemaSuite } from "./schema-suite.mjs";
import { testDatabases } from "./test-database.mjs";

const PLACES = ["app", "components", "lib", "e2e", "prisma", "next.config.js"];
/** They wait more than they work: for servers they start, for time-outs, for what was killed to come back. */
const TEST_FILES_AT_ONCE = 2;
const TEST_SECRET = "only-for-tests-9d3b70c1f64e48a2b5";

/** Every check in the order of its cost. `group` is what `--only` names; `needs` another check that must have passed. */
const CHECKS = [
  {
    name: "format",
    group: "lint",
    run: () =>
      tool("@biomejs/biome/bin/biome", "format", "--max-diagnostics=5", "--config-path=lib/tooling/biome.json", "."),
  },
  {
    name: "lint",
    group: "lint",
    run: () => tool("oxlint/bin/oxlint", "-c", "lib/tooling/oxlint.json", ...present(PLACES)),
  },
  { name: "types", group: "types", run: checkTypes },
  { name: "tests", group: "unit", run: unitTests },
  { name: "build", group: "build", run: () => ensureBuilt().then(() => ({ passed: 1 })) },
  { name: "browser journeys", group: "browser", needs: "build", run: browserTests },
];

/**
 * Runs the chosen checks one after the other, all of them whatever the others say, and adds up `count`.
 * A check that is not a set of tests counts as one.
 */
export async function runChecks(options) {
  const failed = new Set();
  for (const check of chosenFrom(options)) {
    if (options.isInterrupted()) throw new Stop("interrupted");
    if (check.needs && failed.has(check.needs)) {
      say(`\n── ${check.name}: not run, because the ${check.needs} failed`);
      options.count.skipped += 1;
      continue;
    }
    say(`\n── ${check.name}`);
    const began = Date.now();
    const result = await check.run(options).catch((error) => {
      say(explain(error));
      return { failed: 1 };
    });
    for (const key of Object.keys(options.count)) options.count[key] += result[key] ?? 0;
    if (result.failed) failed.add(check.name);
    const verdict = result.failed ? "✗" : "✓";
    const detail = [result.passed && `${result.passed} passed`, result.failed && `${result.failed} failed`].filter(
      Boolean,
    );
    say(
      `${verdict} ${check.name}: ${detail.join(", ") || "nothing to do"} (${Math.round((Date.now() - began) / 1000)} s)`,
    );
  }
}

function chosenFrom({ only, filters }) {
  const groups = new Set(only ? [only] : CHECKS.map(({ group }) => group));
  if (filters.length === 0) return CHECKS.filter(({ group }) => groups.has(group));
  const wanted = new Set(filters.map((filter) => (isJourney(filter) ? "browser" : "unit")));
  return CHECKS.filter(({ group }) => wanted.has(group));
}

const isJourney = (filter) => /^(\.\/)?e2e\b|\.spec\b/.test(filter);
const present = (places) => places.filter((place) => existsSync(path.join(root, place)));

async function tool(program, ...args) {
  const { code } = await execute(process.execPath, [inPackage(program), ...args], { onLine: say });
  return code === 0 ? { passed: 1 } : { failed: 1 };
}

async function checkTypes() {
  await ensureClient();
  if (hasPages()) {
    const made = await execute(process.execPath, [inPackage("next/dist/bin/next"), "typegen"], {
      env: { NEXT_TELEMETRY_DISABLED: "1" },
    });
    if (made.code !== 0) say(made.output);
  }
  return tool("typescript/bin/tsc", "--noEmit");
}

async function unitTests({ directory, filters, atEnd }) {
  await ensureClient();
  const report = path.join(directory, "vitest.json");
  rmSync(report, { force: true });
  const args = ["run", "--config", "lib/tooling/vitest.config.ts", "--passWithNoTests", "--silent=passed-only"];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const suite = await ensureSchemaSuite();
  const work = await bundleWork();
  const urls = await testDatabases({ directory, atEnd, count: TEST_FILES_AT_ONCE });
  const env = {
    DATABASE_URL: urls[0],
    INTERLOCK_TEST_DATABASES: urls.join(" "),
    INTERLOCK_TEST_WORKERS: String(TEST_FILES_AT_ONCE),
    NEXTAUTH_SECRET: TEST_SECRET,
    LOG_LEVEL: "fatal",
    ...(suite && { JSON_SCHEMA_TEST_SUITE: suite }),
    INTERLOCK_WORK_FILE: work,
  };
  const wanted = filters.filter((filter) => !isJourney(filter));
  const { code } = await execute(process.execPath, [inPackage("vitest/vitest.mjs"), ...args, ...reporters, ...wanted], {
    env: { ...env, INTERLOCK_DATA_DIR: directory },
    onLine: say,
  });
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
    numTodoTests = 0,
    testResults = [],
  } = readJson(report) ?? {};
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return reckon(code, numPassedTests, numFailedTests + broken.length, numPendingTests + numTodoTests);
}

async function browserTests({ directory, filters }) {
  const specs = existsSync(path.join(root, "e2e")) ? readdirSync(path.join(root, "e2e")) : [];
  if (!specs.some((name) => name.endsWith(".spec.ts"))) return {};
  await ensureBrowser();
  const chosen = filters.filter(isJourney);
  // Each half has a server and a database of its own: journeys wait more than they work, and one may stop a workspace.
  const halves = chosen.length > 0 ? [null] : ["1/2", "2/2"];
  const results = await Promise.all(halves.map((half, index) => browserTestsOf({ directory, half, index, chosen })));
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

async function browserTestsOf({ directory, half, index, chosen }) {
  const report = path.join(directory, `playwright-${index}.json`);
  rmSync(report, { force: true });
  const shard = half === null ? [] : [`--shard=${half}`];
  const args = ["test", "--config", "e2e/playwright.config.ts", "--reporter=list,json", ...shard, ...chosen];
  const env = {
    NO_COLOR: undefined, // Playwright tells the server to use colour, and Node warns about both
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    E2E_PORT: String(await freePort()),
    E2E_DATA_DIR: path.join(directory, index === 0 ? "../e2e" : `../${index}/e2e`),
    E2E_OUTPUT_DIR: `.output/${index}`,
  };
  const { code } = await execute(process.execPath, [inPackage("@playwright/test/cli.js"), ...args], {
    env,
    onLine: say,
  });
  const { stats = {}, suites = [] } = readJson(report) ?? {};
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = stats;
  for (const { title, page } of whatFailed(suites)) say(`\n── the page when this failed: ${title}\n${page}`);
  if (flaky > 0) say(`${flaky} passed only the second time.`);
  return reckon(code, expected + flaky, unexpected, skipped);
}

const MOST_PAGE_LINES = 90;

/** The failed attempts with the page as assistive technology saw it then: on another machine nothing else is left of it. */
function whatFailed(suites) {
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  return suites.flatMap(specs).flatMap((spec) =>
    spec.tests
      .flatMap(({ results }) => results)
      .flatMap(({ attachments }) => attachments)
      .filter((attachment) => attachment.name === "error-context" && existsSync(attachment.path))
      .map(({ path: file }) => ({
        title: spec.title,
        page: readFileSync(file, "utf8").split("\n").slice(0, MOST_PAGE_LINES).join("\n"),
      })),
  );
}

/** A run that ends badly without naming a failed test (a crash, a broken set-up) counts as one failure. */
function reckon(code, passed, failed, skipped) {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}
