import { existsSync } from "node:fs";
import path from "node:path";

import { oneAtATime } from "./database.mjs";
import { say, Stop } from "./output.mjs";
import { dist, readJson, writeJson, writeWhole } from "./paths.mjs";
import { execute } from "./run.mjs";

const stateFile = (directory) => path.join(directory, "state.json");

/** What is known, and not secret, about this installation since its first start. */
export const readState = (directory) => readJson(stateFile(directory)) ?? {};

/**
 * Fills an empty database with the first admin and, unless DEMO=0, the demo workspace; leaves any other alone.
 * The admin's personal token goes into the data directory, for the `interlock` command.
 *
 * @returns what setup reported; `password` is there once and kept nowhere
 */
export async function runSetup({ directory, env }) {
  const program = path.join(dist, "setup.mjs");
  if (!existsSync(program)) return { created: false };
  const report = await oneAtATime(env.DATABASE_URL, () => runProgram(program, env));
  if (report.token) writeWhole(path.join(directory, "token"), `${report.token}\n`);
  const before = readState(directory);
  const { email = before.email, demo, second = before.second && { email: before.second } } = report;
  if (email) writeJson(stateFile(directory), { email, demo, ...(second && { second: second.email }) });
  return { ...report, email, second };
}

async function runProgram(program, env) {
  let last = "";
  const onLine = (line) => {
    if (line.startsWith("{")) last = line;
    else if (line.trim() !== "") say(line);
  };
  const { code } = await execute(process.execPath, ["--enable-source-maps", program], { env, onLine });
  if (code !== 0)
    throw new Stop("Interlock cannot start: its first workspace could not be set up; the reason is above.");
  return JSON.parse(last || '{"created":false}');
}

/** Sentences on links with which people of the installation set up their accounts; whoever opens one acts as that person. */
export function setUpLinks({ links = [] }) {
  return links.map(({ email, url }) => `${email} sets up their account, once, at ${url}`);
}

/** The sentence on the demo's second person; null where there is none. */
export function secondSignIn({ created, second }) {
  if (!second) return null;
  const how = created ? `password ${second.password}` : "the password was shown at the first start";
  return `What takes two people, such as resuming after a stop: sign in as ${second.email} as well, ${how}`;
}

/** The sentence on how to sign in. */
export function signIn({ created, email, password, links = [] }) {
  if (!email) return "sign in with your account";
  if (links.some((link) => link.email === email)) return `sign in as ${email} once the account is set up with its link`;
  if (!created) return `sign in as ${email} (the password was shown at the first start)`;
  return password ? `sign in as ${email}, password ${password}` : `sign in as ${email} with the password you chose`;
}
