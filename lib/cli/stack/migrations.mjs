import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { meansDiskFull, Stop } from "./output.mjs";
import { root } from "./paths.mjs";

const LOCK_NOT_AVAILABLE = "55P03";
const ATTEMPTS = 6;

/** The migrations of this version in their order, each as `{ name, sql, checksum }` with Prisma's own checksum. */
export function readMigrations() {
  const directory = path.join(root, "prisma/migrations");
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = readFileSync(path.join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Notes in Prisma's bookkeeping that a migration was applied. */
export async function recordApplied(client, { name, checksum }) {
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, now(), 1)`,
    [randomUUID(), checksum, name],
  );
}

/**
 * Runs the work in one transaction and again when it had to wait for a lock for too long. `what` begins the sentence that
 * says why it failed.
 *
 * @throws Stop after everything was rolled back
 */
export async function inOneTransaction(client, what, work, attempt = 1) {
  try {
    // What the previous migration has set is forgotten; a table in use is not queued for long, since others queue behind us.
    await client.query("RESET ALL; RESET ROLE; SET client_min_messages = warning; SET lock_timeout = '5s'");
    await client.query("BEGIN");
    await work();
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    if (error.code === LOCK_NOT_AVAILABLE && attempt < ATTEMPTS)
      return inOneTransaction(client, what, work, attempt + 1);
    if (meansDiskFull(error.message))
      throw new Stop(`The disk is full: ${what} was rolled back; free some space and start again.`);
    const sentence = `${what} failed and was rolled back: ${error.message}`;
    throw new Stop(sentence.charAt(0).toUpperCase() + sentence.slice(1));
  }
}
