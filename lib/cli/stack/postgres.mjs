import { spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { alive } from "./lock.mjs";
import { meansDiskFull, say, Stop, step } from "./output.mjs";
import { readJson, writeJson } from "./paths.mjs";
import { freePort, isFree } from "./ports.mjs";
import { prepareHome } from "./postgres-home.mjs";

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "256MB",
  max_connections: "100",
  synchronous_commit: "on",
  fsync: "on",
  timezone: "UTC",
  log_timezone: "UTC",
};
const LOG_LIMIT_BYTES = 10 * 2 ** 20;
const START_LIMIT_MS = 300_000;

/**
 * Starts the project's own Postgres, or takes over one that an earlier run left behind.
 *
 * @param near the folder inside the data directory for its files
 * @param settings overrides, for databases that may be lost
 * @returns `{ url(database), ensureRunning(), isRunning(), stop(), abort(), kill() }`
 */
export async function startPostgres(near, settings = {}) {
  const place = await prepareHome(near);
  if (!existsSync(path.join(place.data, "PG_VERSION"))) await step("Creating the database", () => initialise(place));
  let server = await bringUp(place, settings);
  return {
    url: (database) => urlOf(place, server.port, database),
    isRunning: () => alive(server.pid),
    /** After a crash: the same port again, because others know it. */
    ensureRunning: async () => {
      server = await bringUp(place, settings, server.port);
    },
    stop: () => stop(server.pid),
    /** At once, as after a crash: nothing committed is lost, the next start recovers. */
    abort: () => signal(server.pid, "SIGQUIT"),
    /** As if its machine had lost power: it is not even told. For tests of what is left then. */
    kill: () => killAll(server.pid),
  };
}

/** Stops the server of this folder if one is running, for whoever is about to delete the folder. */
export async function stopLeftover(near) {
  const home = readJson(path.join(near, "home.json"))?.home ?? near;
  const found = running({ data: path.join(home, "data") });
  if (found) await stop(found.pid);
}

const urlOf = ({ password }, port, database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;

/** Into a side folder first: an interrupted attempt must not look like a database. */
function initialise(place) {
  const draft = path.join(place.home, "data.new");
  const passwordFile = path.join(place.home, "password.new");
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(passwordFile, `${place.password}\n`, { mode: 0o600 });
  if (place.as.uid) chownSync(passwordFile, place.as.uid, place.as.gid);
  const args = [
    "-D",
    draft,
    "-U",
    "postgres",
    `--pwfile=${passwordFile}`,
    "-A",
    "scram-sha-256",
    "-E",
    "UTF8",
    "--locale=C",
  ];
  const made = spawnSync(place.programs.initdb, args, { ...asUser(place), encoding: "utf8" });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) throw new Stop(whyNot("create its database", place, made.stderr || String(made.error)));
  renameSync(draft, place.data);
}

const asUser = ({ as, home }) => ({ ...as, cwd: home, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } });

function whyNot(what, { home }, output) {
  if (meansDiskFull(output))
    return `The disk is full: Postgres could not ${what} in ${home}; free some space and start again.`;
  const reason =
    output
      .trim()
      .split("\n")
      .findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? output.trim();
  return `Postgres could not ${what} in ${home}: ${reason.replace(/^.*?(FATAL|PANIC|error):\s*/i, "")}`;
}

async function bringUp(place, settings, fixedPort) {
  const deadline = Date.now() + START_LIMIT_MS;
  for (let attempt = 1; ; attempt += 1) {
    const found = running(place);
    const server = found ?? (await launch(place, settings, fixedPort ?? (await choosePort(place, attempt))));
    if (await accepts(place, server, deadline)) return server;
    const output = sinceLaunch(place, server);
    // Right after a crash the old backends may still be leaving, and a port may be taken between choosing and using it.
    const passing = /pre-existing shared memory|lock file .* already exists|could not bind|Address already in use/i;
    if (attempt > 40 || (!found && !passing.test(output))) throw new Stop(whyNot("start", place, output));
    await sleep(250);
  }
}

/** The server that runs on exactly these files, by its own lock file, checked against the process itself. */
function running({ data }) {
  const lock = path.join(data, "postmaster.pid");
  if (!existsSync(lock)) return null;
  const [pid, , , port] = readFileSync(lock, "utf8").split("\n").map(Number);
  if (!pid || !alive(pid)) return null;
  if (commandOf(pid).includes(data)) return port ? { pid, port } : null;
  rmSync(lock, { force: true }); // the number has gone to another program, which would keep Postgres from starting
  return null;
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
  }
}

async function choosePort({ near }, attempt) {
  const file = path.join(near, "port.json");
  const known = readJson(file)?.port;
  if (known && attempt < 20 && (await isFree(known, ["127.0.0.1"]))) return known;
  const port = await freePort();
  writeJson(file, { port });
  return port;
}

/** In a session of its own, so that Ctrl-C reaches us first and Postgres is stopped last. */
async function launch(place, settings, port) {
  const sizeBytes = existsSync(place.log) ? statSync(place.log).size : 0;
  if (sizeBytes > LOG_LIMIT_BYTES) renameSync(place.log, `${place.log}.old`);
  const log = openSync(place.log, "a", 0o600);
  const from = statSync(place.log).size;
  const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(place.programs.postgres, ["-D", place.data, "-p", String(port), ...flags], {
    ...asUser(place),
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  return { pid: child.pid, port, from, child };
}

/** Waits until the server answers with our password. False if it ends instead. */
async function accepts(place, { pid, port, child }, deadline) {
  const { default: pg } = await import("pg");
  const began = Date.now();
  let told = false;
  while (child ? child.exitCode === null && child.signalCode === null : alive(pid)) {
    const client = new pg.Client({ connectionString: urlOf(place, port, "postgres") });
    client.on("error", () => {});
    const error = await client.connect().then(
      () => null,
      (reason) => reason,
    );
    await client.end().catch(() => {});
    if (!error) return true;
    if (error.code === "28P01") {
      throw new Stop(
        `The database in ${place.home} has another password than ${place.near}/password; restore that file.`,
      );
    }
    if (Date.now() > deadline) throw new Stop(`Postgres in ${place.home} did not become ready; see ${place.log}.`);
    if (!told && Date.now() - began > 3_000) say("Postgres is recovering from an unclean stop …");
    told ||= Date.now() - began > 3_000;
    await sleep(20);
  }
  return false;
}

function sinceLaunch({ log }, { from }) {
  return existsSync(log)
    ? readFileSync(log)
        .subarray(from ?? 0)
        .toString("utf8")
    : "";
}

/** Fast shutdown: open transactions are rolled back, everything committed is kept. */
async function stop(pid) {
  for (const [name, waitMs] of [
    ["SIGINT", 15_000],
    ["SIGQUIT", 5_000],
  ]) {
    signal(pid, name);
    const end = Date.now() + waitMs;
    while (alive(pid) && Date.now() < end) await sleep(20);
    if (!alive(pid)) return;
  }
}

/** The first process first, so that none of the others can tell it. Those would go on with what they have begun. */
function killAll(pid) {
  const listed = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).stdout ?? "";
  const rows = listed.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  signal(pid, "SIGKILL");
  for (const [child, parent] of rows) if (parent === pid) signal(child, "SIGKILL");
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
