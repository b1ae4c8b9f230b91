import { spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";

import { explain, say } from "./output.mjs";
import { root } from "./paths.mjs";
import { eachLine } from "./run.mjs";

const GRACE_MS = 10_000;
const MOST_RESTARTS = 5;
const STABLE_MS = 60_000;
const GUARD = path.join(root, "lib/cli/stack/guard.mjs");
const NEXT_BANNER = /^\s*(▲|✓|-\s+(Local|Network|Environments|Experiments)\b|$)/; // names a private address

/**
 * Keeps a set of server processes running: each in its own group, restarted with growing pauses when it dies.
 *
 * @param onGiveUp called once with a sentence when one of them cannot be kept alive
 */
export function supervise({ onGiveUp }) {
  const members = [];
  let stopping = false;
  let gaveUp = false;

  function giveUp(sentence) {
    if (stopping || gaveUp) return;
    gaveUp = true;
    onGiveUp(sentence);
  }

  function launch(member) {
    member.began = Date.now();
    member.child = spawnMember(member);
    member.child.once("error", (error) => giveUp(`The ${member.name} process could not be started: ${explain(error)}`));
    member.child.once("exit", (code, signal) => void revive(member, signal ?? `exit code ${code}`));
  }

  async function revive(member, how) {
    if (stopping) return;
    if (!member.ready) return giveUp(`The ${member.name} process ended while starting (${how}); the reason is above.`);
    if (Date.now() - member.began > STABLE_MS) member.restarts = 0;
    if (member.restarts >= MOST_RESTARTS) {
      return giveUp(`The ${member.name} process ended ${MOST_RESTARTS + 1} times in a row (${how}); Interlock stops.`);
    }
    const pauseMs = 500 * 2 ** member.restarts;
    member.restarts += 1;
    say(`The ${member.name} process ended (${how}); starting it again in ${pauseMs / 1000} s.`);
    await sleep(pauseMs);
    if (!stopping) launch(member);
  }

  return {
    start(name, args, env) {
      const member = { name, args, env, restarts: 0, ready: false };
      members.push(member);
      launch(member);
    },
    /** From now on a process that ends is started again; before, its end means that the start has failed. */
    markReady: () => {
      for (const member of members) member.ready = true;
    },
    async stop() {
      stopping = true;
      await Promise.all(members.map(({ child }) => end(child)));
    },
    kill() {
      stopping = true;
      for (const { child } of members) signalGroup(child, "SIGKILL");
    },
  };
}

/** A group of its own keeps a Ctrl-C on the terminal for us; the guard keeps it from outliving us. */
function spawnMember({ name, args, env }) {
  const child = spawn(process.execPath, ["--import", new URL(`file://${GUARD}`).href, ...args], {
    cwd: root,
    env: { ...process.env, ...env, INTERLOCK_GUARD: "3" },
    detached: process.platform !== "win32",
    stdio: ["ignore", name === "web" ? "pipe" : "inherit", "inherit", "pipe"],
  });
  if (name === "web") {
    eachLine(child.stdout, (line) => {
      if (!NEXT_BANNER.test(stripVTControlCharacters(line))) process.stdout.write(`${line}\n`);
    });
  }
  return child;
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

async function end(child) {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
  await ended;
  clearTimeout(timer);
}

function signalGroup(child, signal) {
  if (hasEnded(child)) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
