import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The checkout: the folder of package.json. */
export const root = path.resolve(import.meta.dirname, "../../..");

/** Where the server and command bundles are written. */
export const dist = path.join(root, "dist");

/** Where a file of an installed package lies, without loading it. */
export const inPackage = (...parts) => path.join(root, "node_modules", ...parts);

/** The data directory: database, secret, token and state of one installation. */
export function dataDirectory(env = process.env) {
  return path.resolve(root, env.INTERLOCK_DATA_DIR || ".data");
}

/** Creates the data directory. Others may pass through (Postgres, when root started us), but list nothing. */
export function ensureDirectory(directory, mode = 0o711) {
  if (existsSync(directory)) return directory;
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, mode);
  return directory;
}

/** Reads a JSON file; a missing or damaged one is `null`, because all of them can be made again. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** Replaces a file whole, so that a crash leaves the old or the new content and never half of it. */
export function writeWhole(file, text, mode = 0o600) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, file);
}

export const writeJson = (file, value) => writeWhole(file, `${JSON.stringify(value, null, 2)}\n`);
