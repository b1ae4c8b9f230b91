import { spawn } from "node:child_process";

import { meansDiskFull, Stop } from "./output.mjs";
import { root } from "./paths.mjs";

const TAIL_LINES = 60;
const running = new Set();

/** Ends every tool that is still at work, because the person at the terminal wants to leave. */
export function stopTools() {
  for (const child of running) child.kill("SIGTERM");
}

/**
 * Runs a tool to its end.
 *
 * @param onLine sees each line of its output as it comes
 * @returns exit code and the last lines of both outputs together
 */
export function execute(command, args, { env, cwd = root, onLine = () => {}, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...colour(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const tail = [];
    running.add(child);
    const timer = timeoutMs && setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      eachLine(stream, (line) => {
        tail.push(line);
        if (tail.length > TAIL_LINES) tail.shift();
        onLine(line);
      });
    }
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code: code ?? 1, output: tail.join("\n") });
    });
  });
}

/** Runs a tool that has to succeed; otherwise its last output and one sentence are shown. */
export async function mustRun(what, command, args, options) {
  const { code, output } = await execute(command, args, options);
  if (code === 0) return output;
  if (meansDiskFull(output)) throw new Stop(`The disk is full: ${what} ran out of space; free some and start again.`);
  throw new Stop(`${output}\n\n${what} failed (exit code ${code}); the reason is above.`);
}

/** Calls back once for each line of a stream, the unfinished last one included. */
export function eachLine(stream, onLine) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => rest && onLine(rest));
}

/** Tools see a pipe, whatever we write to, so they are told. */
function colour() {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  if (FORCE_COLOR || NO_COLOR) return {};
  return process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" };
}
