import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { connect } from "./database.mjs";
import { meansDiskFull, say, Stop } from "./output.mjs";
import { root } from "./paths.mjs";

const PRISMA_LOCK = 72_707_369; // Prisma's own advisory lock, so that `prisma migrate` and any replica exclude each other
const WAIT_LIMIT = "10min";
const LOCK_NOT_AVAILABLE = "55P03";
const ATTEMPTS = 6;
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/**
 * Applies what is new in prisma/migrations, with Prisma's own bookkeeping, so that its commands keep working on the
 * result. Unlike Prisma, each migration and its record are one transaction: a crash leaves nothing half done.
 *
 * @returns the names applied now
 */
export async function migrate(url) {
  const client = await connect(url);
  try {
    await client.query(`SET lock_timeout = '${WAIT_LIMIT}'`);
    const patience = setTimeout(() => say("Waiting for another replica to finish its migrations …"), 2_000);
    await client.query("SELECT pg_advisory_lock($1)", [PRISMA_LOCK]).finally(() => clearTimeout(patience));
    await client.query("SET client_min_messages = warning");
    await client.query(BOOKKEEPING);
    const pending = await findPending(client);
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function findPending(client) {
  const { rows } = await client.query(
    "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
  );
  const failed = rows.find((row) => !row.finished_at);
  if (failed) {
    throw new Stop(
      `Migration ${failed.migration_name} failed earlier; settle it with \`prisma migrate resolve\`, then start again.`,
    );
  }
  const ours = migrations();
  const newer = rows.find((row) => !ours.some(({ name }) => name === row.migration_name));
  if (newer) {
    throw new Stop(
      `The database was migrated by another version of Interlock (${newer.migration_name} is unknown here); start that version.`,
    );
  }
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  const edited = ours.find(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum);
  if (edited) say(`Migration ${edited.name} was edited after it was applied; this database has its earlier form.`);
  return ours.filter(({ name }) => !applied.has(name));
}

function migrations() {
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

async function apply(client, { name, sql, checksum }, attempt = 1) {
  try {
    // What the previous migration has set is forgotten; a table in use is not queued for long, since others queue behind us.
    await client.query("RESET ALL; RESET ROLE; SET client_min_messages = warning; SET lock_timeout = '5s'");
    await client.query("BEGIN");
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    if (error.code === LOCK_NOT_AVAILABLE && attempt < ATTEMPTS)
      return apply(client, { name, sql, checksum }, attempt + 1);
    if (meansDiskFull(error.message))
      throw new Stop(`The disk is full: migration ${name} was rolled back; free some space.`);
    throw new Stop(`Migration ${name} failed and was rolled back: ${error.message}`);
  }
}
