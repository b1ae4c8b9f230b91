import { givenWorkspace, send } from "@/lib/testing/client";
import { type Served, startProcess } from "@/lib/testing/replicas";

import { whole } from "./format";
import { closedLoop, type Target } from "./load";
import type { Meter } from "./meter";
import type { Options } from "./options";
import { benchCall, benchManifest, benchTools, type Mix, TOOLS } from "./policy";
import { lastDifference } from "./statistics";

/** A workspace of the benchmark's own; its keys belong to agents of either mix. */
export type Ground = { readonly workspaceId: string; readonly admin: string; readonly keys: Record<Mix, string> };

/** A server that is measured, with the key for each mix and where its decisions are found. */
export type Contender = {
  readonly name: string;
  readonly url: string;
  readonly pids: readonly number[];
  readonly keys: Record<Mix, string>;
  readonly workspaceId: string | null;
};

/** What every part of the benchmark works with. */
export type Stage = { readonly options: Options; readonly meter: Meter; print(line: string): void };

const WINDOW_CALLS = 4_000;
const WARM_IN_FLIGHT = 32;
const CLOSE_ENOUGH = 0.03;
const WARM_LIMIT_SECONDS = 180;

/** Whether an answer is a decision. */
export const answered = (status: number) => status === 200;

/** Bodies of the mix, numbered on through the whole run so that no call repeats another's id. */
export function createCalls(over: (index: number) => object = () => ({})): () => string {
  let index = 0;
  return () => {
    index += 1;
    return JSON.stringify({ ...benchCall(index, TOOLS), ...over(index) });
  };
}

/** A new workspace with the benchmark's tools and an agent for each mix, made through the server at `url`. */
export async function prepareGround(url: string): Promise<Ground> {
  const { token: admin, workspaceId } = await givenWorkspace();
  await send(url, "/api/v1/tools", admin, benchTools(TOOLS));
  const asks = await registerAgent(url, admin, "bench-asks", benchManifest("bench-asks", TOOLS, "asks"));
  const plain = await registerAgent(url, admin, "bench-plain", benchManifest("bench-plain", TOOLS, "plain"));
  return { workspaceId, admin, keys: { asks, plain } };
}

/** Registers an agent under a manifest; its key. */
export async function registerAgent(url: string, admin: string, id: string, manifest: string): Promise<string> {
  const members = await send(url, "/api/v1/members", admin);
  const [first] = members.body["items"] as unknown as { email: string }[];
  const made = await send(url, "/api/v1/agents", admin, {
    id,
    task: "Benchmark.",
    dri: first?.email,
    environment: "production",
    level: 4,
    manifest,
  });
  if (made.status !== 201) throw new Error(`the agent was refused: ${JSON.stringify(made.body)}`);
  return String(made.body["key"]);
}

/** The API from source, on the benchmark's database or behind the given address of it. */
export const startOurs = (databaseUrl?: string) => startProcess("lib/api/main.ts", [], databaseUrl);

/** One of the peers: no commit, one Prisma create a call, or an UPDATE a call. */
export function startPeer(mode: "none" | "prisma" | "update", workspaceId: string, databaseUrl?: string) {
  return startProcess("lib/testing/bench/baseline.ts", [mode, workspaceId], databaseUrl);
}

/** Our own server as it is measured on one ground. */
export const oursOn = (name: string, servers: readonly Served[], ground: Ground): Contender => ({
  name,
  url: servers[0]?.url ?? "",
  pids: servers.map(({ pid }) => pid),
  keys: ground.keys,
  workspaceId: ground.workspaceId,
});

/** A peer as it is measured: it knows no keys, only the names of the mixes. */
export const peerAs = (name: string, { url, pid }: Served): Contender => ({
  name,
  url,
  pids: [pid],
  keys: { asks: "asks", plain: "plain" },
  workspaceId: null,
});

/** Where the calls of one mix go. */
export const targetOf = ({ url, keys }: Contender, mix: Mix): Target => ({ url, key: keys[mix] });

/**
 * Sends calls until the server is warm: at least as many as asked for, and then until the CPU per call of the last two
 * windows agrees within 3 %. The rate would not do: on a shared machine it depends on the neighbours.
 */
export async function warm(stage: Stage, contender: Contender): Promise<void> {
  const { options, meter, print } = stage;
  if (options.warm === 0) return;
  const calls = createCalls((index) => ({ session_id: `warm-${index % 211}` }));
  const targets = [targetOf(contender, "asks"), targetOf(contender, "plain")];
  const windows: number[] = [];
  const window = Math.min(WINDOW_CALLS, options.warm / 2);
  const until = Date.now() + WARM_LIMIT_SECONDS * 1_000;
  let sent = 0;
  let difference: number | null = null;
  do {
    const run = { inFlight: WARM_IN_FLIGHT, until: { calls: window }, check: answered };
    const [{ latencies, seconds }, used] = await meter.measure(contender.pids, contender.workspaceId, () =>
      closedLoop(targets, calls, run),
    );
    sent += latencies.length;
    windows.push(used.nodeUs === null ? seconds : used.nodeUs + (used.postgresUs ?? 0));
    difference = lastDifference(windows);
  } while ((sent < options.warm || (difference ?? 1) > CLOSE_ENOUGH) && sent < 3 * options.warm && Date.now() < until);
  const apart = difference === null ? "" : `the last two windows differ by ${(difference * 100).toFixed(1)} %`;
  const isSettled = sent >= options.warm && difference !== null && difference <= CLOSE_ENOUGH;
  print(`  ${isSettled ? "warm" : "NOT SETTLED"}: ${contender.name} after ${whole(sent)} calls; ${apart}`);
}
