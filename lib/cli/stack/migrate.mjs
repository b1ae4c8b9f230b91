import { connect } from "./database.mjs";
import { inOneTransaction, readMigrations, recordApplied } from "./migrations.mjs";
import { say, Stop } from "./output.mjs";
import { upgrade } from "./upgrade.mjs";

const PRISMA_LOCK = 72_707_369; // Prisma's own advisory lock, so that `prisma migrate` and any replica exclude each other
const WAIT_LIMIT = "10min";
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/**
 * Upgrades a database of an earlier version and applies what is new in prisma/migrations. Prisma's own bookkeeping is kept,
 * so that its commands work on the result. Unlike Prisma, each migration and its record are one transaction: a crash leaves
 * nothing half done.
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
    const upgraded = await upgrade(client);
    const pending = await findPending(client);
    for (const migration of pending) {
      await inOneTransaction(client, `migration ${migration.name}`, async () => {
        await client.query(migration.sql);
        await recordApplied(client, migration);
      });
    }
    return [...upgraded, ...pending.map(({ name }) => name)];
  } finally {
    await client.end();
  }
}

async function findPending(client) {
  const { rows } = await client.query(
    "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY 1",
  );
  const failed = rows.find((row) => !row.finished_at);
  if (failed) {
    throw new Stop(
      `Migration ${failed.migration_name} failed earlier; settle it with \`prisma migrate resolve\`, then start again.`,
    );
  }
  const ours = readMigrations();
  const newer = rows.findLast((row) => !ours.some(({ name }) => name === row.migration_name));
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
