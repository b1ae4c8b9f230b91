import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { allowSignIn } from "./application-role.mjs";
import { ensureBuilt } from "./build.mjs";
import { ensureDatabase } from "./database.mjs";
import { hasPages } from "./freshness.mjs";
import { migrate } from "./migrate.mjs";
import { explain, say, Stop } from "./output.mjs";
import { dist, inPackage, writeJson } from "./paths.mjs";
import { freePort } from "./ports.mjs";
import { startPostgres } from "./postgres.mjs";
import { supervise } from "./processes.mjs";
import { externalDatabase, setting, sharedEnvironment } from "./settings.mjs";
import { runSetup, secondSignIn, setUpLinks, signIn } from "./setup.mjs";

const READY_LIMIT_MS = 60_000;
const SETTLE_MS = 1_000;
const WATCH_MS = 1_000;
const KEEP_ALIVE_MS = "70000"; // longer than the front keeps an idle connection, or it would send into a closing one

/** From installed packages to the ready line. Everything started is handed to `atEnd`, to be stopped in reverse order. */
export async function launch(options) {
  const { parts, directory, port, atEnd } = options;
  const external = externalDatabase();
  const ownerUrl = external?.ownerUrl ?? (await embeddedDatabase(options));
  await ensureDatabase(ownerUrl);
  await migrate(ownerUrl);
  const databaseUrl = external?.url ?? (await allowSignIn(path.join(directory, "pg"), ownerUrl));
  if (databaseUrl !== ownerUrl) await ensureDatabase(databaseUrl);
  const env = sharedEnvironment({ directory, databaseUrl, port });
  if (external && !setting("NEXTAUTH_SECRET") && !setting("AUTH_SECRET")) {
    say("Sessions are signed with a secret of this data directory; several replicas need the same NEXTAUTH_SECRET.");
  }
  await ensureBuilt({ pages: parts.includes("web") });

  const account = parts.includes("api") ? await runSetup({ directory, env }) : null;
  try {
    await startProcesses({ ...options, env });
  } catch (error) {
    if (account?.created) {
      say(`The first account is there already: ${signIn(account)}`); // its password is shown only now
      sayIfAny(secondSignIn(account));
      setUpLinks(account).forEach(sayIfAny);
    }
    throw error;
  }
  if (!account) return say(`Interlock's background jobs are running on ${new URL(databaseUrl).host}`);
  const serverFile = path.join(directory, "server.json");
  writeJson(serverFile, { url: `http://127.0.0.1:${port}`, port, pid: process.pid });
  atEnd(() => rmSync(serverFile, { force: true }));
  say(`Interlock is ready on ${env.PUBLIC_URL} — ${signIn(account)}`);
  sayIfAny(secondSignIn(account));
  setUpLinks(account).forEach(sayIfAny);
}

function sayIfAny(sentence) {
  if (sentence) say(sentence);
}

async function embeddedDatabase({ directory, atEnd, inEmergency, isShared, onGiveUp }) {
  const server = await startPostgres(path.join(directory, "pg"));
  let watched = true;
  atEnd(async () => {
    watched = false;
    if (!isShared()) await server.stop();
  });
  inEmergency(() => isShared() || server.abort());
  void (async () => {
    while (watched) {
      await sleep(WATCH_MS);
      if (!watched || server.isRunning()) continue;
      say("Postgres ended unexpectedly; starting it again.");
      await server.ensureRunning();
    }
  })().catch((error) => onGiveUp(explain(error)));
  return server.url("interlock");
}

async function startProcesses({ parts, port, env, atEnd, inEmergency, onGiveUp }) {
  let giveUp;
  const failure = new Promise((_, reject) => {
    giveUp = (sentence) => reject(new Stop(sentence));
  });
  const group = supervise({ onGiveUp: (sentence) => giveUp(sentence) });
  atEnd(group.stop);
  inEmergency(group.kill);

  const node = (name) => ["--enable-source-maps", path.join(dist, `${name}.mjs`)];
  const webPort = parts.includes("web") && hasPages() ? await freePort() : undefined;
  const webOrigin = webPort && `http://127.0.0.1:${webPort}`;
  if (webPort) {
    const next = [inPackage("next/dist/bin/next"), "start", "-H", "127.0.0.1", "-p", String(webPort)];
    group.start("web", [...next, "--keepAliveTimeout", KEEP_ALIVE_MS], env);
  }
  if (parts.includes("api")) group.start("api", node("api"), { ...env, ...(webOrigin && { WEB_ORIGIN: webOrigin }) });
  if (parts.includes("jobs")) group.start("jobs", node("jobs"), env);

  const probes = [webOrigin && answers(`${webOrigin}/_next/static/none`, () => true)];
  if (parts.includes("api")) probes.push(answers(`http://127.0.0.1:${port}/readyz`, (status) => status === 200));
  else probes.push(sleep(SETTLE_MS));
  await Promise.race([failure, Promise.all(probes)]);
  group.markReady();
  giveUp = onGiveUp;
}

/** Resolves once the address answers as wanted. Asked often: a warm start takes hardly longer than its slowest process. */
async function answers(url, isWanted) {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (Date.now() < deadline) {
    const status = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(READY_LIMIT_MS) }).then(
      (response) => response.body?.cancel().then(() => response.status) ?? response.status,
      () => 0,
    );
    if (status && isWanted(status)) return;
    await sleep(50);
  }
  throw new Stop(
    `Interlock did not become ready within ${READY_LIMIT_MS / 1000} s (${url}); the reason should be above.`,
  );
}
