import { execFileSync } from "node:child_process";
import { cpus } from "node:os";

import { decide } from "@/lib/core/decisions/decide";
import type { Call, Verdict } from "@/lib/core/decisions/schema";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import { parseManifest } from "@/lib/core/manifests/parse";
import { anyone, decisionPool } from "@/lib/data/db";
import { givenOperator, givenWorkspace, send } from "@/lib/testing/client";
import { referenceDecide } from "@/lib/testing/reference-evaluator";
import { type Replicas, startProcess, startReplicas } from "@/lib/testing/replicas";

import { closedLoop, type Measured, openLoop, post, quantile } from "./load";
import { benchPeers, type Peer } from "./peers";
import { benchCall, benchCompiled, benchFacts, benchManifest, benchTools } from "./policy";

// Prints the figures of performance for deciding: the engine alone, the durable path against its two peers, one hot
// budget, open loop, two replicas and stop under load. Exits non-zero only when it could not measure.
const quick = process.argv.includes("--quick");
const SECONDS = quick ? 2 : 5;
const TOOLS = 20;

const print = (line: string) => process.stdout.write(`${line}\n`);
const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const rate = ({ latencies, seconds }: Measured) => Math.round(latencies.length / seconds);
const answered = (status: number) => status === 200;
const body = (index: number, over: object = {}) => JSON.stringify({ ...benchCall(index, TOOLS), ...over });

function heading(): void {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  print(
    `bench:decide  commit ${commit}  node ${process.version}  ${cpus().length} × ${cpus()[0]?.model ?? "cpu"}  load, server and Postgres share the machine\n`,
  );
}

/** Nanoseconds for one call of `work`: median of rounds, least and most. */
function timed(
  calls: readonly Call[],
  rounds: number,
  work: (call: Call) => unknown,
): readonly [number, number, number] {
  const round = () => {
    const started = process.hrtime.bigint();
    for (const call of calls) work(call);
    return Number(process.hrtime.bigint() - started) / calls.length;
  };
  round();
  const took = Array.from({ length: rounds }, round).toSorted((a, b) => a - b);
  return [took[Math.floor(rounds / 2)] ?? 0, took[0] ?? 0, took.at(-1) ?? 0];
}

const callsOf = (tools: number, count: number) => Array.from({ length: count }, (_, index) => benchCall(index, tools));

function engine(): void {
  print("Engine, in process: every check of one call, no I/O (median of 7 rounds, min–max)");
  const line = (what: string, [median, least, most]: readonly [number, number, number], more = "") =>
    print(
      `  ${what.padEnd(52)} ${String(Math.round(median)).padStart(8)} ns (${Math.round(least)}–${Math.round(most)})${more}`,
    );
  const compiled = benchCompiled(TOOLS);
  const ours = timed(callsOf(TOOLS, 10_000), 7, (call) => decide(compiled, call, benchFacts));
  line(`Interlock, ${TOOLS} tools`, ours);
  const wide = benchCompiled(TOOLS * 10);
  const ten = timed(callsOf(TOOLS * 10, 10_000), 7, (call) => decide(wide, call, benchFacts));
  line(`Interlock, ${TOOLS * 10} tools`, ten, `  ${(ten[0] / ours[0]).toFixed(2)} times ${TOOLS} tools`);
  const live = Array.from({ length: 1_000 }, () => benchCompiled(TOOLS));
  let next = 0;
  const many = timed(callsOf(TOOLS, 10_000), 7, (call) =>
    decide(live[(next += 1) % 1_000] ?? compiled, call, benchFacts),
  );
  line("Interlock, 1,000 live manifests", many, `  ${(many[0] / ours[0]).toFixed(2)} times one`);
  for (const peer of peers()) {
    const calls = callsOf(TOOLS, 1_000);
    const theirs = timed(calls, 5, (call) => peer.decide(call));
    const differ = calls.filter(
      (call) => peer.decide(call) !== passes(decide(compiled, call, benchFacts).verdict),
    ).length;
    const note = peer.left === null ? "" : `, ${peer.left}`;
    line(
      peer.name,
      theirs,
      `  ${(theirs[0] / ours[0]).toFixed(0)} times ours; ${differ} of 1,000 answers differ${note}`,
    );
  }
  oracle(compiled);
}

/** A person's approval is a yes of the policy: the peers know no third answer. */
const passes = (verdict: Verdict) => verdict === "allow" || verdict === "require_approval";

function peers(): readonly Peer[] {
  const folder = process.argv.find((argument) => argument.startsWith("--peers="))?.slice("--peers=".length) ?? "";
  if (folder === "") {
    print("  (other engines were not installed: no network)");
    return [];
  }
  return benchPeers(folder, TOOLS);
}

function oracle(compiled: CompiledManifest): void {
  const parsed = parseManifest(benchManifest("bench", TOOLS));
  if (!parsed.ok) throw new Error("the benchmark's manifest does not parse");
  const calls = callsOf(TOOLS, 10_000);
  const wrong = calls.filter((call) => {
    const { verdict } = referenceDecide(parsed.manifest, compiled.catalogue, { call, facts: benchFacts });
    return verdict !== decide(compiled, call, benchFacts).verdict;
  }).length;
  print(`  ${wrong} of ${calls.length} verdicts differ from the interpreted oracle's`);
}

type Bench = {
  readonly replicas: Replicas;
  readonly admin: string;
  readonly workspaceId: string;
  readonly key: string;
};

async function prepare(): Promise<Bench> {
  const { token: admin, workspaceId } = await givenWorkspace();
  const replicas = await startReplicas(2);
  const url = replicas.urls[0] ?? "";
  await send(url, "/api/v1/tools", admin, benchTools(TOOLS));
  const key = await agent(url, admin, "bench", benchManifest("bench", TOOLS));
  return { replicas, admin, workspaceId, key };
}

async function agent(url: string, admin: string, id: string, manifest: string): Promise<string> {
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

async function durable({ replicas, key, workspaceId }: Bench): Promise<void> {
  print(
    "\nDurable over HTTP: lock, idempotency, bounds, decision, ledger, outbox, committed before the reply (closed loop)",
  );
  print("  in flight   durable req/s   p50       p99       no commit   ratio   Prisma create   ratio");
  const [none, prisma] = await Promise.all([baseline("none", workspaceId), baseline("prisma", workspaceId)]);
  const own = { url: replicas.urls[0] ?? "", key };
  for (const target of [own, none.target, prisma.target]) await closedLoop([target], body, 16, 2, answered);
  for (const inFlight of [1, 8, 32, 128]) {
    const ours = await closedLoop([own], body, inFlight, SECONDS, answered);
    const ceiling = await closedLoop([none.target], body, inFlight, SECONDS, answered);
    const peer = await closedLoop([prisma.target], body, inFlight, SECONDS, answered);
    const cells = [
      String(inFlight).padStart(11),
      String(rate(ours)).padStart(15),
      ms(quantile(ours.latencies, 0.5)).padStart(9),
      ms(quantile(ours.latencies, 0.99)).padStart(9),
      String(rate(ceiling)).padStart(11),
      (rate(ours) / rate(ceiling)).toFixed(2).padStart(7),
      String(rate(peer)).padStart(15),
      `${(rate(ours) / rate(peer)).toFixed(1)}×`.padStart(7),
    ];
    print(`  ${cells.join(" ")}${ours.wrong > 0 ? `   ${ours.wrong} not answered` : ""}`);
  }
  await Promise.all([none.stop(), prisma.stop()]);
}

async function baseline(mode: "none" | "prisma" | "update", workspaceId: string) {
  const { url, stop } = await startProcess("lib/testing/bench/baseline.ts", [mode, workspaceId]);
  return { target: { url, key: "-" }, stop };
}

async function hot({ replicas, admin }: Bench): Promise<void> {
  const manifest = `agent:\n  id: "hot"\ntools:\n  allowed:\n    - name: "tool_0"\nexecution:\n  max_cost_usd: 1000\n`;
  const key = await agent(replicas.urls[0] ?? "", admin, "hot", manifest);
  const call = (index: number) =>
    body(index * 20, { tool: "tool_0", session_id: "hot", run_id: "hot", estimate: { cost_usd: 0.000_001 } });
  const one = await closedLoop([{ url: replicas.urls[0] ?? "", key }], call, 32, SECONDS, answered);
  const two = await closedLoop(
    replicas.urls.map((url) => ({ url, key })),
    call,
    32,
    SECONDS,
    answered,
  );
  const peer = await baseline("update", "");
  const each = await closedLoop([peer.target], call, 32, SECONDS, answered);
  await peer.stop();
  print("\nHot: one run, one budget row, 32 in flight");
  print(`  one process   ${rate(one)} req/s  p99 ${ms(quantile(one.latencies, 0.99))}`);
  print(
    `  an UPDATE of the budget and one INSERT a call, on a pool  ${rate(each)} req/s  p99 ${ms(quantile(each.latencies, 0.99))}  ratio ${(rate(one) / rate(each)).toFixed(1)}`,
  );
  print(
    `  two processes ${rate(two)} req/s  p99 ${ms(quantile(two.latencies, 0.99))}  ratio ${(rate(two) / rate(one)).toFixed(2)}`,
  );
}

async function overshoot({ replicas, admin }: Bench): Promise<void> {
  const manifest = `agent:\n  id: "small"\ntools:\n  allowed:\n    - name: "tool_0"\nexecution:\n  max_cost_usd: 1.00\n`;
  const key = await agent(replicas.urls[0] ?? "", admin, "small", manifest);
  const answers = await Promise.all(
    Array.from({ length: 400 }, (_, index) =>
      post(
        { url: replicas.urls[index % 2] ?? "", key },
        body(index * 20, {
          tool: "tool_0",
          session_id: "small",
          run_id: "small",
          call_id: `c-${index}`,
          estimate: { cost_usd: 0.01 },
        }),
      ),
    ),
  );
  const allowed = answers.filter(({ text }) => text.includes('"verdict":"allow"')).length;
  print(
    `\nOvershoot: 400 parallel calls of one cent on a bound of one dollar, two processes: ${allowed} allowed (limit 100)`,
  );
}

async function steady({ replicas, key }: Bench): Promise<void> {
  const seconds = quick ? 10 : 60;
  const result = await openLoop({ url: replicas.urls[0] ?? "", key }, body, 300, seconds, answered);
  const { latencies, wrong, overruns } = result;
  print(`\nOpen loop: 300 calls/s for ${seconds} s, latency from the scheduled start`);
  print(
    `  p50 ${ms(quantile(latencies, 0.5))}  p99 ${ms(quantile(latencies, 0.99))}  max ${ms(quantile(latencies, 1))}  over the deadline ${overruns}  not answered ${wrong}`,
  );
}

async function stops({ replicas, key, admin }: Bench): Promise<void> {
  let running = true;
  let stoppedSince = Number.POSITIVE_INFINITY;
  let late = 0;
  const load = Array.from({ length: 16 }, async (_, each) => {
    for (let index = each; running; index += 16) {
      const at = performance.now();
      const { text } = await post(
        { url: replicas.urls[each % 2] ?? "", key },
        body(index, { session_id: `stop-${index}` }),
      );
      if (at > stoppedSince && text.includes('"verdict":"allow"')) late += 1;
    }
  });
  const took: number[] = [];
  const second = await givenOperator(replicas.urls[0] ?? "", admin);
  for (let round = 0; round < (quick ? 5 : 20); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const at = performance.now();
    const { body: stopped } = await send(replicas.urls[round % 2] ?? "", "/api/v1/stops", admin, {
      scope: "workspace",
      reason: "benchmark",
    });
    stoppedSince = performance.now();
    took.push(stoppedSince - at);
    await new Promise((resolve) => setTimeout(resolve, 50));
    stoppedSince = Number.POSITIVE_INFINITY;
    for (const token of [admin, second]) {
      const target = `/api/v1/stops/${String(stopped["stop_id"])}`;
      await send(replicas.urls[0] ?? "", target, token, undefined, { method: "DELETE" });
    }
    await send(replicas.urls[0] ?? "", "/api/v1/stops/recovery", admin, {});
  }
  running = false;
  await Promise.all(load);
  print(
    `\nStop under load: ${took.length} stops, 16 callers on two processes: ${late} allowed after the answer; the answer took p50 ${ms(quantile(took, 0.5))}, max ${ms(quantile(took, 1))}`,
  );
}

heading();
engine();
const bench = await prepare();
try {
  await durable(bench);
  await hot(bench);
  await overshoot(bench);
  await steady(bench);
  await stops(bench);
} finally {
  await bench.replicas.stop();
  await Promise.all([anyone.$disconnect(), decisionPool.end()]);
}
