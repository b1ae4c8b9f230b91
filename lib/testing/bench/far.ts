import { fork } from "node:child_process";

import pg from "pg";

import { env } from "@/lib/platform/env";

import { LEGEND, seriesTable } from "./columns";
import { cpuOfProcess } from "./cpu";
import { JUDGED_IN_FLIGHT, MIX_NAMES, OURS, PRISMA } from "./contenders";
import type { Outcome } from "./requirements";
import { interleave, type Lane, type Series, timesOf } from "./rounds";
import { type Servers, startWarm } from "./servers";
import { createCalls, oursOn, peerAs, prepareGround, type Stage, startPeer, warm } from "./stage";
import { quantile } from "./statistics";

export type FarPart = {
  readonly series: readonly Series[];
  /** Median round trip to the database in ms, straight and through the proxy. */
  readonly nearMs: number;
  readonly farMs: number;
};

/** Half of a round trip. */
const DELAY_MS = 0.5;

/** The database one millisecond away, behind a proxy that holds every byte back, against the local one. */
export async function far(stage: Stage, servers: Servers): Promise<Outcome<FarPart>> {
  const { print } = stage;
  print(`A database 1 ms away: ${JUDGED_IN_FLIGHT} in flight, behind a proxy that delays both directions by half a ms`);
  const first = await servers.first();
  const proxy = await startProxy();
  const running: { stop(): Promise<void> }[] = [];
  try {
    const [nearMs, farMs] = [await roundTripMs(env.DATABASE_URL), await roundTripMs(proxy.url)];
    print(`  One round trip takes ${nearMs.toFixed(2)} ms without the proxy and ${farMs.toFixed(2)} ms through it.`);
    const ours = await startWarm(stage, `${OURS}, 1 ms away`, (server) => running.push(server), proxy.url);
    const ground = await prepareGround(first.url);
    const prisma = await startPeer("prisma", (await prepareGround(first.url)).workspaceId, proxy.url);
    running.push(prisma);
    const contenders = [
      oursOn(`${OURS}, local`, [first], ground),
      oursOn(`${OURS}, 1 ms away`, [ours], ground),
      peerAs(`${PRISMA}, 1 ms away`, prisma),
    ] as const;
    await warm(stage, contenders[2]);
    const began = { cpuUs: cpuOfProcess(proxy.pid), at: performance.now() };
    const series = await interleave(
      stage,
      contenders.flatMap((contender): Lane[] =>
        (["asks", "plain"] as const).map((mix) => ({
          contender,
          mix,
          inFlight: JUDGED_IN_FLIGHT,
          calls: createCalls(),
        })),
      ),
    );
    const proxyUs = (cpuOfProcess(proxy.pid) ?? Number.NaN) - (began.cpuUs ?? Number.NaN);
    print(LEGEND);
    print(seriesTable(series, ({ name, mix }) => `${name}, ${MIX_NAMES[mix]}`));
    const at = (part: string) => series.find(({ name, mix }) => name === part && mix === "asks");
    const againstPrisma = timesOf(at(contenders[1].name), at(contenders[2].name), "perSecond");
    const core = (proxyUs / (performance.now() - began.at) / 10).toFixed(0);
    print(
      `  Both 1 ms away, 15 % ask: ${againstPrisma?.toFixed(1) ?? "n/a"} times the Prisma path. The proxy itself used ${core} % of a core.`,
    );
    const values = { far: timesOf(at(contenders[1].name), at(contenders[0].name), "perSecond") };
    return { figures: { series, nearMs, farMs }, values };
  } finally {
    await Promise.all(running.map(({ stop }) => stop()));
    proxy.stop();
  }
}

/** The proxy in a process of its own: its waiting must not hold up the load. */
async function startProxy(): Promise<{ readonly url: string; readonly pid: number; stop(): void }> {
  const child = fork("lib/testing/bench/delay-proxy.ts", [], { execArgv: ["--import", "tsx"] });
  child.send({ databaseUrl: env.DATABASE_URL, delayMs: DELAY_MS });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (said) => resolve(String(said)));
    child.once("exit", (code) => reject(new Error(`the delaying proxy ended with ${code}`)));
  });
  return { url, pid: child.pid ?? 0, stop: () => child.kill("SIGKILL") };
}

async function roundTripMs(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const took: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    const at = performance.now();
    await client.query("SELECT 1");
    took.push(performance.now() - at);
  }
  await client.end();
  return quantile(took, 0.5);
}
