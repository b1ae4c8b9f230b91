import { statfsSync } from "node:fs";

/** An expected reason to stop. Its message is one sentence for the person at the terminal; no stack trace is shown. */
export class Stop extends Error {}

const CLEAR = "\r\u001b[K";
let stream = process.stdout;
const isLive = () => stream.isTTY && !process.env.CI;

/** Sends progress elsewhere: a command's standard output belongs to its answer. */
export function reportTo(other) {
  stream = other;
}

/** Prints one line, over a running progress line if there is one. */
export function say(line) {
  stream.write(`${isLive() ? CLEAR : ""}${line}\n`);
}

/**
 * Shows that a long step is going on: a ticking second count on a terminal, plain lines elsewhere.
 * Steps that end within a moment leave no trace, so that a warm start prints the ready line only.
 */
export async function step(label, work) {
  const began = Date.now();
  const live = isLive();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  if (!live) say(`${label} …`);
  const timer = setInterval(
    () => {
      if (live) stream.write(`${CLEAR}${label} … ${seconds()} s`);
      else say(`  … ${seconds()} s`);
    },
    live ? 250 : 15_000,
  );
  try {
    const result = await work();
    if (seconds() >= 1) say(`${label}: ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
    if (live) stream.write(CLEAR);
  }
}

const LEAST_FREE_MB = 300;

/** Refuses to begin on a nearly full disk: Postgres that runs out of space in mid-write is far harder to explain. */
export function requireSpace(directory) {
  const { bavail, bsize } = statfsSync(directory);
  const freeMb = Math.floor((bavail * bsize) / 2 ** 20);
  if (freeMb < LEAST_FREE_MB) {
    throw new Stop(
      `Only ${freeMb} MB are free on the disk of ${directory}; Interlock needs at least ${LEAST_FREE_MB} MB.`,
    );
  }
}

/** True if this output or message says that the disk is full. */
export function meansDiskFull(text) {
  return /ENOSPC|No space left on device|disk full|Disk quota exceeded|EDQUOT/i.test(String(text));
}

/** Turns any failure into what the terminal shows: the sentence of an expected one, the whole stack of a bug. */
export function explain(error) {
  if (error instanceof Stop) return error.message;
  if (meansDiskFull(error?.message)) return `The disk is full (${error.message}); free some space and start again.`;
  if (["EACCES", "EPERM", "EROFS"].includes(error?.code) && error.path) {
    return `${error.path} cannot be used by this user (${error.code}); start as its owner, or set INTERLOCK_DATA_DIR to a directory of your own.`;
  }
  return error?.stack ?? String(error);
}
