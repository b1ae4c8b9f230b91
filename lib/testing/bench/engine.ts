import { decide } from "@/lib/core/decisions/decide";
import type { Call, Verdict } from "@/lib/core/decisions/schema";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import { parseManifest } from "@/lib/core/manifests/parse";
import { referenceDecide } from "@/lib/testing/reference-evaluator";

import { alignColumns } from "./columns";
import { whole } from "./format";
import { benchPeers, type Peer } from "./peers";
import { benchCall, benchCompiled, benchFacts, benchManifest, TOOLS } from "./policy";
import type { Outcome } from "./report";
import type { Values } from "./requirements";
import type { Stage } from "./stage";
import { ratioOf, type Spread, spreadOf } from "./statistics";

/** Nanoseconds per decision of one engine. `differ` counts the peer's answers that are not ours, of 1,000. */
export type EngineLine = {
  readonly name: string;
  readonly ns: Spread;
  readonly times: number | null;
  readonly differ: number | null;
  readonly left: string | null;
};

const LIVE = 1_000;

/** The engine alone, in process: every check of one call, against other engines on the same policy. */
export function engine({ options, print }: Stage): Outcome<readonly EngineLine[]> {
  print("Engine, in process: every check of one call and no I/O. Nanoseconds per decision, median of rounds");
  const compiled = benchCompiled(TOOLS);
  const ours = line("Interlock, 20 tools", callsOf(TOOLS, 10_000), (call) => decide(compiled, call, benchFacts));
  const wide = benchCompiled(TOOLS * 10);
  const tenfold = line("Interlock, 200 tools", callsOf(TOOLS * 10, 10_000), (call) => decide(wide, call, benchFacts));
  const manifests = Array.from({ length: LIVE }, () => benchCompiled(TOOLS));
  let next = 0;
  const live = line("Interlock, 1,000 live manifests", callsOf(TOOLS, 10_000), (call) =>
    decide(manifests[(next += 1) % LIVE] ?? compiled, call, benchFacts),
  );
  const peers = options.peers === "" ? [] : benchPeers(options.peers, TOOLS).map((peer) => peerLine(peer, compiled));
  const lines = [ours, tenfold, live, ...peers].map((each) => ({
    ...each,
    times: ratioOf(each.ns.median, ours.ns.median),
  }));
  const mismatches = oracleMismatches(compiled);
  print(alignColumns([["engine", "median", "min–max", "against ours", ""], ...lines.map(cellsOf)]));
  if (peers.length === 0) print("  The other engines could not be installed, so they are not measured.");
  print(`  ${mismatches} of 10,000 verdicts differ from the interpreted oracle's.`);
  const timesOf = (part: string) => lines.find(({ name }) => name.includes(part))?.times ?? null;
  const values: Values = {
    cedar: timesOf("cedar"),
    microsoft: timesOf("microsoft"),
    casl: timesOf("casl"),
    tenfold: timesOf("200 tools"),
    live: timesOf("1,000 live"),
    oracle: mismatches,
  };
  return { figures: lines, values };
}

function cellsOf({ name, ns, times, differ, left }: EngineLine): readonly string[] {
  const range = `${whole(ns.least)}–${whole(ns.most)}`;
  const note = differ === null ? "" : `${differ} of 1,000 answers differ${left === null ? "" : ` (${left})`}`;
  const against = times === null ? "" : `${times.toFixed(times < 10 ? 2 : 0)}×`;
  return [name, whole(ns.median), range, against, note];
}

/** Rounds over the same calls, one more before them that is not counted. */
function line(name: string, calls: readonly Call[], work: (call: Call) => unknown, rounds = 7): EngineLine {
  const round = () => {
    const started = process.hrtime.bigint();
    for (const call of calls) work(call);
    return Number(process.hrtime.bigint() - started) / calls.length;
  };
  round();
  const ns = spreadOf(Array.from({ length: rounds }, round));
  return { name, ns: ns ?? { median: Number.NaN, least: 0, most: 0 }, times: null, differ: null, left: null };
}

const callsOf = (tools: number, count: number) => Array.from({ length: count }, (_, index) => benchCall(index, tools));

/** A person's approval is a yes of the policy: the peers know no third answer. */
const passes = (verdict: Verdict) => verdict === "allow" || verdict === "require_approval";

function peerLine(peer: Peer, compiled: CompiledManifest): EngineLine {
  const calls = callsOf(TOOLS, 1_000);
  const differ = calls.filter(
    (call) => peer.decide(call) !== passes(decide(compiled, call, benchFacts).verdict),
  ).length;
  return { ...line(peer.name, calls, (call) => peer.decide(call), 5), differ, left: peer.left };
}

function oracleMismatches(compiled: CompiledManifest): number {
  const parsed = parseManifest(benchManifest("bench", TOOLS));
  if (!parsed.ok) throw new Error("the benchmark's manifest does not parse");
  return callsOf(TOOLS, 10_000).filter((call) => {
    const { verdict } = referenceDecide(parsed.manifest, compiled.catalogue, { call, facts: benchFacts });
    return verdict !== decide(compiled, call, benchFacts).verdict;
  }).length;
}
