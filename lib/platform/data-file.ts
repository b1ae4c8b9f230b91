import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import { env } from "./env";

const fileOf = (name: string) => path.join(env.INTERLOCK_DATA_DIR, `${name}.json`);

/** A file of the data directory, or null when it is missing or damaged. */
export function readDataFile(name: string): unknown {
  try {
    return JSON.parse(readFileSync(fileOf(name), "utf8"));
  } catch {
    return null;
  }
}

/** Replaces a file of the data directory whole: a crash leaves the old content or the new. */
export function writeDataFile(name: string, value: unknown): void {
  const draft = `${fileOf(name)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(draft, fileOf(name));
}
