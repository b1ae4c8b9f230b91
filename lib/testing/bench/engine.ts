import { decide } from "@/lib/core/decisions/decide";
import type { Call, Verdict } from "@/lib/core/decisions/schema";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import { parseManifest } from "@/lib/core/manifests/parse";
import { referenceDecide } from "@/lib/testing/reference-evaluator";

import { alignColumns } from "./columns";
import { figure, whole } from "./format";
import { benchPeers, type Peer } from "./peers";
import { benchCall, benchCompiled, benchFacts, benchManifest, TOOLS } from "./policy";
import type { Outcome, Values } from "./requirements";
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
const ROUNDS = 7;

/** One engine and the calls it is given. */
type Racer = {
  readonly name: string;
  readonly calls: readonly Call[];
  readonly decide: (call: Call) => unknown;
  readonly differ: number | null;
  readonly left: string | null;
};

/** The engine alone, in process: every check of one call, against other engines on the same policy. */
export function engine({ options, print }: Stage): Outcome<readonly EngineLine[]> {
  print(
    `Engine, in process: every check of one call and no I/O. Nanoseconds of CPU per decision, ${ROUNDS} rounds in turn`,
  );
  const compiled = benchCompiled(TOOLS);
  const wide = benchCompiled(TOOLS * 10);
  const live = Array.from({ length: LIVE }, () => benchCompiled(TOOLS));
  let next = 0;
  const nextOf = () => live[(next += 1) % LIVE] ?? compiled;
  const peers = options.peers === "" ? [] : benchPeers(options.peers, TOOLS);
  const racers: readonly Racer[] = [
    own("Interlock, 20 tools", TOOLS, (call) => decide(compiled, call, benchFacts)),
    own("Interlock, 200 tools", TOOLS * 10, (call) => decide(wide, call, benchFacts)),
    own("Interlock, 1,000 live manifests", TOOLS, (call) => decide(nextOf(), call, benchFacts)),
    ...peers.map((peer) => peerOf(peer, compiled)),
  ];
  const lines = race(racers);
  print(alignColumns([["", "median", "(min–max)", "to ours", ""], ...lines.map(cellsOf)]));
  if (peers.length === 0) print("  The other engines could not be installed, so they are not measured.");
  const mismatches = oracleMismatches(compiled);
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
  const note = differ === null ? "" : `${differ} of 1,000 answers differ${left === null ? "" : ` (${left})`}`;
  return [name, whole(ns.median), `(${whole(ns.least)}–${whole(ns.most)})`, `${figure(times)}×`, note];
}

/** Rounds in turn, so that what disturbs the machine disturbs all alike. The first round of each is not counted. */
function race(racers: readonly Racer[]): readonly EngineLine[] {
  const took = racers.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [place, { calls, decide: work }] of racers.entries()) {
      // CPU and not the clock: the clock also counts the time in which other programs had the processor.
      const before = process.cpuUsage();
      for (const call of calls) work(call);
      const { user, system } = process.cpuUsage(before);
      if (round > 0) took[place]?.push(((user + system) * 1_000) / calls.length);
    }
  const spreads = took.map((each) => spreadOf(each) ?? { median: Number.NaN, least: 0, most: 0 });
  return racers.map(({ name, differ, left }, place) => {
    const ns = spreads[place] ?? { median: Number.NaN, least: 0, most: 0 };
    return { name, ns, times: ratioOf(ns.median, spreads[0]?.median), differ, left };
  });
}

const own = (name: string, tools: number, work: Racer["decide"]): Racer => ({
  name,
  calls: callsOf(tools, 10_000),
  decide: work,
  differ: null,
  left: null,
});

const callsOf = (tools: number, count: number) => Array.from({ length: count }, (_, index) => benchCall(index, tools));

/** A person's approval is a yes of the policy: the peers know no third answer. */
const passes = (verdict: Verdict) => verdict === "allow" || verdict === "require_approval";

function peerOf(peer: Peer, compiled: CompiledManifest): Racer {
  const calls = callsOf(TOOLS, 1_000);
  const differ = calls.filter(
    (call) => peer.decide(call) !== passes(decide(compiled, call, benchFacts).verdict),
  ).length;
  return { name: peer.name, calls, decide: (call) => peer.decide(call), differ, left: peer.left };
}

function oracleMismatches(compiled: CompiledManifest): number {
  const parsed = parseManifest(benchManifest("bench", TOOLS));
  if (!parsed.ok) throw new Error("the benchmark's manifest does not parse");
  return callsOf(TOOLS, 10_000).filter((call) => {
    const { verdict } = referenceDecide(parsed.manifest, compiled.catalogue, { call, facts: benchFacts });
    return verdict !== decide(compiled, call, benchFacts).verdict;
  }).length;
}
