import { spawnSync } from "node:child_process";
import { linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { readJson, writeJson } from "./paths.mjs";

/** True if a process of this number exists and runs, whoever owns it. */
export function alive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  return statusOf(pid)?.[0] !== "Z"; // in a container without an init, the dead stay listed
}

/**
 * When a process began, in the system's own notation. Numbers are reused, in containers at every restart, so a number
 * alone does not identify a process; together with its beginning it does.
 */
export function beginning(pid) {
  const status = statusOf(pid);
  if (status) return status[19];
  if (process.platform === "win32") return "";
  const ps = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return ps.status === 0 ? ps.stdout.trim() : "";
}

/** What Linux says about a process, from its state on (fields 3 and up of proc(5)); elsewhere nothing. */
function statusOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8");
    return fields.slice(fields.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** The living holder of a lock file, or `null` if there is none. */
export function holder(file) {
  const facts = readJson(file);
  if (!facts || facts.pid === process.pid || !alive(facts.pid)) return null;
  return beginning(facts.pid) === facts.began ? facts : null;
}

/** Removes a lock whose process is gone. Moved away first: another start may have replaced it since we looked. */
function discard(file) {
  const away = `${file}.${process.pid}.old`;
  try {
    renameSync(file, away);
    if (holder(away)) linkSync(away, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(away, { force: true });
  }
}

/**
 * Takes a lock file, replacing one whose process is gone. `facts` is what others may read there.
 *
 * @returns `{ release }`, or `{ held }` with the facts of the living holder
 */
export function claim(file, facts = {}) {
  const held = holder(file);
  if (held) return { held };
  discard(file);
  const draft = `${file}.${process.pid}`;
  writeJson(draft, { pid: process.pid, began: beginning(process.pid), ...facts });
  try {
    linkSync(draft, file); // fails if another process was faster, unlike rename
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return { held: readJson(file) ?? {} };
  } finally {
    rmSync(draft, { force: true });
  }
  return { release: () => rmSync(file, { force: true }) };
}

/** Does work that only one process may do at a time, waiting for whoever is at it. */
export async function alone(file, work, onWait = () => {}) {
  let taken = claim(file);
  if (taken.held) onWait(taken.held);
  while (taken.held) {
    await sleep(250);
    taken = claim(file);
  }
  try {
    return await work();
  } finally {
    taken.release();
  }
}
