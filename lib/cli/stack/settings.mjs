import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { Stop } from "./output.mjs";
import { dist, root, writeWhole } from "./paths.mjs";

const SHORTEST_SECRET = 32;
const LEAST_DIFFERENT = 10;
const DEFAULTS = /change.?me|your.?secret|example|placeholder|password|default|secret.?secret|0123456789|abcdefgh/i;

/** Reads `.env` in the checkout; what the environment already says wins. */
export function loadEnvFile() {
  const file = path.join(root, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}

/** A variable, or the content of the file named by its `_FILE` variant, as container platforms hand over secrets. */
export function setting(name, env = process.env) {
  if (env[name]) return env[name];
  const file = env[`${name}_FILE`];
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new Stop(`${name}_FILE names ${file}, which cannot be read (${error.code}).`);
  }
}

/**
 * The database the installation is told to use, or `undefined` for the embedded one. `ownerUrl` is the same database as
 * whoever may change its tables, where that is another user than the application's.
 */
export function externalDatabase() {
  const url = databaseAddress("DATABASE_URL");
  const ownerUrl = databaseAddress("DATABASE_OWNER_URL");
  if (!url && ownerUrl)
    throw new Stop("DATABASE_OWNER_URL is set and DATABASE_URL is not; the application needs its own.");
  return url && { url, ownerUrl: ownerUrl ?? url };
}

function databaseAddress(name) {
  const url = setting(name);
  if (!url) return undefined;
  if (!/^postgres(ql)?:$/.test(protocolOf(url))) {
    throw new Stop(`${name} is not a Postgres address; it looks like postgresql://user:password@host:5432/interlock.`);
  }
  // They would take the place of those that keep every connection behind row-level security.
  if (new URL(url).searchParams.has("options"))
    throw new Stop(`${name} must not set \`options\`; Interlock sets its own.`);
  return url;
}

/** The public port, 3000 unless PORT says otherwise. */
export function publicPort() {
  const port = Number(process.env.PORT || 3000);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Stop(`PORT is ${JSON.stringify(process.env.PORT)}, which is not a port number between 1 and 65535.`);
}

/** What signs sessions: given, or made once and kept in the data directory. A guessable one is refused. */
export function signingSecret(directory) {
  const given = setting("NEXTAUTH_SECRET") ?? setting("AUTH_SECRET");
  if (given !== undefined) return refuseWeak(given);
  const file = path.join(directory, "secret");
  if (!existsSync(file)) writeWhole(file, randomBytes(32).toString("base64url"));
  return readFileSync(file, "utf8").trim();
}

function refuseWeak(secret) {
  const weak = secret.length < SHORTEST_SECRET || new Set(secret).size < LEAST_DIFFERENT || DEFAULTS.test(secret);
  if (!weak) return secret;
  throw new Stop(
    `NEXTAUTH_SECRET is too weak to sign sessions; set at least ${SHORTEST_SECRET} random characters (openssl rand -base64 32) or leave it out.`,
  );
}

/** What every process of the installation gets to know, on top of the environment we were started with. */
export function sharedEnvironment({ directory, databaseUrl, port }) {
  const publicUrl = (process.env.PUBLIC_URL || `http://localhost:${port}`).replace(/\/+$/, "");
  return {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: databaseUrl,
    // No process that answers requests gets to know who owns the tables.
    DATABASE_OWNER_URL: undefined,
    DATABASE_OWNER_URL_FILE: undefined,
    INTERLOCK_DATA_DIR: directory,
    INTERLOCK_WORK_FILE: path.join(dist, "work.mjs"),
    NEXTAUTH_SECRET: signingSecret(directory),
    NEXTAUTH_URL: publicUrl,
    PUBLIC_URL: publicUrl,
    PORT: String(port),
    LOG_LEVEL: process.env.LOG_LEVEL || (process.stdout.isTTY ? "warn" : "info"),
  };
}

function protocolOf(url) {
  try {
    return new URL(url).protocol;
  } catch {
    return "";
  }
}
