import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";

import { ensureInstalled } from "./stack/install.mjs";
import { claim, holder } from "./stack/lock.mjs";
import { explain, requireSpace, say, Stop } from "./stack/output.mjs";
import { dataDirectory, ensureDirectory, readJson } from "./stack/paths.mjs";
import { isFree } from "./stack/ports.mjs";
import { stopTools } from "./stack/run.mjs";
import { externalDatabase, loadEnvFile, publicPort, signingSecret } from "./stack/settings.mjs";

const PARTS = { all: ["api", "web", "jobs"], web: ["api", "web"], api: ["api"], jobs: ["jobs"] };
const SECOND_SIGNAL_AFTER_MS = 1_000; // npm hands the terminal's Ctrl-C on, so one key press can arrive twice
const GUARD_LIMIT_MS = 12_000;
const PARENT_CHECK_MS = 500;

const endings = []; // what to undo at the end, last first
const emergencies = []; // the same without any patience
let signalledAt = 0;
let ready = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, onSignal);
if (process.env.npm_lifecycle_event) noticeLostParent(process.ppid);
start().then(
  () => (ready = true),
  (error) => signalledAt || stop(1, explain(error)),
);

/** Brings the installation up, in the order in which the first fault should be reported. */
async function start() {
  loadEnvFile();
  const role = chosenRole();
  const directory = ensureDirectory(dataDirectory());
  requireSpace(directory);
  const others = takeDirectory(directory, role);
  const port = publicPort();
  externalDatabase();
  signingSecret(directory);
  if (role !== "jobs") await requirePort(port, directory);
  await ensureInstalled();
  const { launch } = await import("./stack/launch.mjs"); // not before the packages it needs are there
  await launch({
    parts: PARTS[role],
    directory,
    port,
    atEnd: (undo) => endings.push(undo),
    inEmergency: (undo) => emergencies.push(undo),
    isShared: () => others.some((file) => holder(file)),
    onGiveUp: (sentence) => signalledAt || stop(1, sentence),
  });
}

function chosenRole() {
  try {
    const { values } = parseArgs({ options: { only: { type: "string", default: "all" } } });
    if (Object.hasOwn(PARTS, values.only)) return values.only;
  } catch {
    // an unknown option: the same sentence
  }
  throw new Stop("Start everything with `npm start`, or one part with `npm start -- --only web`, `api` or `jobs`.");
}

/**
 * Claims the data directory for this role. Roles started apart may share one; the same role twice may not.
 *
 * @returns the lock files of roles that may run beside this one
 */
function takeDirectory(directory, role) {
  const lockOf = (name) => path.join(directory, `run-${name}.lock`);
  const clashing = { all: ["all", "web", "api", "jobs"], jobs: ["all", "jobs"] }[role] ?? ["all", "web", "api"];
  const taken = claim(lockOf(role));
  const held =
    taken.held ??
    clashing
      .filter((name) => name !== role)
      .map((name) => holder(lockOf(name)))
      .find(Boolean);
  if (held) {
    taken.release?.();
    const { url = "another port" } = readJson(path.join(directory, "server.json")) ?? {};
    throw new Stop(
      `Interlock already runs with the data directory ${directory} (process ${held.pid}, ${url}); stop it, or set INTERLOCK_DATA_DIR to another directory.`,
    );
  }
  endings.push(taken.release);
  return Object.keys(PARTS)
    .filter((name) => name !== role)
    .map(lockOf);
}

/** Waits only after a crash of our own, whose processes may need a moment to notice that their launcher is gone. */
async function requirePort(port, directory) {
  const serverFile = path.join(directory, "server.json");
  const deadline = Date.now() + (readJson(serverFile)?.port === port ? GUARD_LIMIT_MS : 0);
  while (!(await isFree(port))) {
    if (Date.now() >= deadline) {
      throw new Stop(
        `Port ${port} is already in use by another program; stop it, or choose another: PORT=${port + 1} npm start`,
      );
    }
    await sleep(200);
  }
  rmSync(serverFile, { force: true });
}

function onSignal(signal) {
  if (!signalledAt) {
    signalledAt = Date.now();
    stopTools();
    if (ready) say("Stopping …");
    void stop(ready ? 0 : 128 + { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }[signal]);
  } else if (Date.now() - signalledAt > SECOND_SIGNAL_AFTER_MS) {
    for (const undo of emergencies.toReversed()) undo();
    process.exit(1);
  }
}

/** `npm start` told to end passes that to its shell, which dies without telling us. */
function noticeLostParent(parent) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    if (!signalledAt) onSignal("SIGTERM");
  }, PARENT_CHECK_MS);
  timer.unref();
}

async function stop(code, sentence) {
  if (sentence) process.stderr.write(`${sentence}\n`);
  for (const undo of endings.toReversed()) {
    await Promise.resolve()
      .then(undo)
      .catch((error) => process.stderr.write(`${explain(error)}\n`));
  }
  process.exit(code);
}
