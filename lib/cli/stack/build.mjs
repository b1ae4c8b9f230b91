import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";

import { entries, hasPages, isFresh, markBuilt, sourceHash } from "./freshness.mjs";
import { alone } from "./lock.mjs";
import { say, step, Stop } from "./output.mjs";
import { dist, inPackage, root } from "./paths.mjs";
import { mustRun } from "./run.mjs";

/**
 * Brings the database client, the bundles and the pages up to date with the sources; what is fresh is left alone.
 * One process of a checkout builds at a time, the others wait and then find everything fresh.
 */
export async function ensureBuilt({ pages = true } = {}) {
  const stale = () => ["client", "bundles", ...(pages && hasPages() ? ["pages"] : [])].filter((name) => !isFresh(name));
  if (stale().length === 0) return;
  const onWait = ({ pid }) => say(`Waiting for process ${pid}, which is building this checkout …`);
  await alone(
    buildLock(),
    async () => {
      for (const name of stale()) await BUILD[name]();
    },
    onWait,
  );
}

/** Generates the database client alone, which is all that type checks and tests need. */
export async function ensureClient() {
  if (!isFresh("client")) await alone(buildLock(), BUILD.client);
}

function buildLock() {
  mkdirSync(dist, { recursive: true });
  return path.join(dist, "build.lock");
}

const BUILD = {
  async client() {
    if (!existsSync(path.join(root, "prisma/schema.prisma"))) return;
    const hash = sourceHash("client");
    const cli = inPackage("prisma/build/index.js");
    await step("Generating the database client", () =>
      mustRun("prisma generate", process.execPath, [cli, "generate", "--config", "prisma/prisma.config.ts"]),
    );
    markBuilt("client", hash);
  },

  async bundles() {
    const hash = sourceHash("bundles");
    await step("Bundling the server", bundle);
    markBuilt("bundles", hash);
  },

  async pages() {
    const hash = sourceHash("pages");
    const next = inPackage("next/dist/bin/next");
    const env = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
    await step("Building the pages", () => mustRun("next build", process.execPath, [next, "build"], { env }));
    markBuilt("pages", hash);
  },
};

/**
 * The program of the thread that reads policies, from the present sources and apart from the others, for tests.
 *
 * @returns its file
 */
export async function bundleWork() {
  const { build, stop } = await import("esbuild");
  const { source } = entries().find(({ name }) => name === "work");
  const outfile = path.join(dist, "test/work.mjs");
  await build({ ...settings(), entryPoints: [source], outfile });
  stop();
  return outfile;
}

function settings() {
  return {
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    alias: { "server-only": path.join(root, "lib/tooling/server-only.stub.ts") },
    absWorkingDir: root,
    tsconfig: path.join(root, "tsconfig.json"),
    sourcemap: true,
    logLevel: "silent",
  };
}

async function bundle() {
  const { build, stop } = await import("esbuild");
  // The verifier goes to people who have nothing of ours: one file with all it needs.
  const require = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'; // for packages in CommonJS
  const alone = { packages: "bundle", sourcemap: false, banner: { js: `#!/usr/bin/env node\n${require}` } };
  for (const { name, source, outfile } of entries()) {
    try {
      await build({ ...settings(), ...(name === "verify" && alone), entryPoints: [source], outfile });
    } catch (error) {
      throw new Stop(`${error.message}\n\n${path.relative(root, source)} does not build.`);
    }
  }
  stop(); // or its helper process would stay as long as we run
}
