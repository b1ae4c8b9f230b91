import { existsSync } from "node:fs";
import path from "node:path";

import { explain, reportTo } from "./output.mjs";
import { dataDirectory, dist, inPackage } from "./paths.mjs";
import { loadEnvFile } from "./settings.mjs";

const program = path.join(dist, "interlock.mjs");

/** Makes sure that the command is bundled from the present sources, where this user may write. */
async function prepare() {
  const { isFresh } = await import("./freshness.mjs");
  if (isFresh("bundles")) return;
  reportTo(process.stderr);
  const { ensureBuilt } = await import("./build.mjs");
  try {
    await ensureBuilt({ pages: false });
  } catch (error) {
    if (!existsSync(program) || !["EACCES", "EROFS"].includes(error.code)) throw error; // an older bundle still works
  }
}

if (!existsSync(inPackage("esbuild"))) {
  process.stderr.write("Interlock's packages are not installed yet; run `npm start` or `npm ci` first.\n");
  process.exit(1);
}
try {
  loadEnvFile();
  process.env.INTERLOCK_DATA_DIR = dataDirectory();
  process.env.INTERLOCK_PROCESS = "command"; // lib/platform/env.ts then asks for no server settings
  await prepare();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
await import(program);
