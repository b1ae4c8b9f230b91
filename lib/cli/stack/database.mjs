import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

import { meansDiskFull, Stop } from "./output.mjs";

const OLDEST = 14;
const STARTING_LIMIT_MS = 30_000;
const SETUP_LOCK = 72_707_370; // next to Prisma's own number for migrations

/** Makes sure that the database can be reached, is recent enough and exists; creates it where that is permitted. */
export async function ensureDatabase(url) {
  let client;
  try {
    client = await connect(url);
  } catch (error) {
    if (error.code !== "3D000") throw sentence(error, url);
    await createDatabase(url);
    client = await connect(url);
  }
  try {
    const { rows } = await client.query("SHOW server_version_num");
    const major = Math.floor(Number(rows[0].server_version_num) / 10_000);
    if (major < OLDEST)
      throw new Stop(`Postgres at ${placeOf(url)} is version ${major}; Interlock needs ${OLDEST} or newer.`);
  } finally {
    await client.end();
  }
}

/** Opens one connection; the caller ends it. A server that is still starting up is waited for. */
export async function connect(url) {
  const deadline = Date.now() + STARTING_LIMIT_MS;
  for (;;) {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      application_name: "interlock start",
    });
    client.on("error", () => {}); // a broken connection shows in the next query
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if (error.code !== "57P03" || Date.now() > deadline) throw error;
      await sleep(250);
    }
  }
}

/** Runs the work while no other process of this database is at it, on any machine. */
export async function oneAtATime(url, work) {
  const client = await connect(url);
  try {
    await client.query("SELECT pg_advisory_lock($1)", [SETUP_LOCK]);
    return await work();
  } finally {
    await client.end();
  }
}

/** Drops the database if it is there and makes it anew, ending every session in it. */
export async function recreateDatabase(adminUrl, name) {
  const client = await connect(adminUrl);
  try {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** The same server, another database. */
export function withDatabase(url, name) {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(name)}`;
  return other.href;
}

async function createDatabase(url) {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  try {
    const client = await connect(withDatabase(url, "postgres"));
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    } finally {
      await client.end();
    }
  } catch (error) {
    if (error.code === "42P04" || error.code === "23505") return; // another replica was faster
    if (meansDiskFull(error.message)) throw sentence(error, url);
    throw new Stop(
      `The database ${placeOf(url)} does not exist and could not be created (${error.message}); create it first.`,
    );
  }
}

/** Host, port and database, never user or password: this ends up in terminals and logs. */
function placeOf(url) {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
}

/** What a failed connection means, for the person who set DATABASE_URL. */
function sentence(error, url) {
  const place = placeOf(url);
  if (meansDiskFull(error.message))
    return new Stop(`The disk of Postgres at ${place} is full; free some space and start again.`);
  if (error.code === "28P01" || error.code === "28000") {
    return new Stop(
      `Postgres at ${place} refused the sign-in (${error.message}); check user and password in DATABASE_URL.`,
    );
  }
  if (error.code === "53300")
    return new Stop(`Postgres at ${place} has no connection left (${error.message}); raise max_connections.`);
  const reason = error.code ?? error.message;
  return new Stop(
    `Postgres at ${place} cannot be reached (${reason}); check DATABASE_URL and that the server is running.`,
  );
}
