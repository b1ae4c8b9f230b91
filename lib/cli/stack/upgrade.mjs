import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { inOneTransaction, readMigrations, recordApplied } from "./migrations.mjs";
import { say, Stop } from "./output.mjs";
import { root } from "./paths.mjs";

/**
 * Brings a database of an earlier version whose migrations were replaced since to the migrations of this one. The script
 * of that version, the current functions and the bookkeeping are one transaction.
 *
 * @returns the names of the migrations the database has now, or none when it needed no upgrade
 * @throws Stop when the database has those migrations in part or in another form
 */
export async function upgrade(client) {
  const { rows } = await client.query(
    "SELECT migration_name AS name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
  );
  const upgrades = readUpgrades();
  const match = upgrades.find((one) => isExactly(one, rows));
  if (!match) {
    refusePartly(upgrades, rows);
    return [];
  }
  say(`Upgrading the database from ${match.name} …`);
  const reached = readMigrations().filter(({ name }) => match.to.includes(name));
  await inOneTransaction(client, `the upgrade from ${match.name}`, async () => {
    await client.query(match.sql);
    await client.query(reached.find(({ name }) => name.endsWith("_functions")).sql);
    await client.query("DELETE FROM _prisma_migrations");
    for (const migration of reached) await recordApplied(client, migration);
  });
  return reached.map(({ name }) => name);
}

/** Every earlier version this one upgrades: `from` has its migrations and their checksums, `to` the names they become. */
function readUpgrades() {
  const directory = path.join(root, "prisma/upgrades");
  if (!existsSync(directory)) return [];
  return readdirSync(directory).map((name) => ({
    name,
    sql: readFileSync(path.join(directory, name, "upgrade.sql"), "utf8"),
    ...JSON.parse(readFileSync(path.join(directory, name, "upgrade.json"), "utf8")),
  }));
}

function isExactly({ from }, rows) {
  return (
    rows.length === Object.keys(from).length &&
    rows.every(({ name, checksum, finished_at }) => from[name] === checksum && finished_at !== null)
  );
}

/** A database that has only migrations of an earlier version, yet not exactly what that version leaves. */
function refusePartly(upgrades, rows) {
  const ours = new Set(readMigrations().map(({ name }) => name));
  const earlier = rows.filter(({ name }) => !ours.has(name));
  const version = upgrades.find(({ from }) => earlier.length > 0 && earlier.every(({ name }) => name in from));
  if (!version) return;
  const unfinished = rows.find(({ finished_at }) => finished_at === null);
  if (unfinished) {
    throw new Stop(
      `Migration ${unfinished.name} of an earlier version of Interlock failed; settle it with that version, then start this one.`,
    );
  }
  const other = earlier.find(({ name, checksum }) => version.from[name] !== checksum);
  if (other) {
    throw new Stop(
      `Migration ${other.name} of this database is not the one that was released, so it cannot be upgraded; start the version that made it.`,
    );
  }
  throw new Stop(
    `The database has only some of the migrations up to ${version.name}; start the version of Interlock that has them, then this one.`,
  );
}
