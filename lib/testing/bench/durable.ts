import { LEGEND, seriesTable } from "./columns";
import { IN_FLIGHT, JUDGED_IN_FLIGHT, MIX_NAMES, NO_COMMIT, OURS, PRISMA } from "./contenders";
import type { Mix } from "./policy";
import type { Outcome } from "./requirements";
import { interleave, type Lane, type Series, timesOf } from "./rounds";
import type { Servers } from "./servers";
import { createCalls, oursOn, peerAs, prepareGround, type Stage, startPeer, warm } from "./stage";

/** The whole durable path over HTTP, against the same server without commit and against one Prisma create a call. */
export async function durable(stage: Stage, servers: Servers): Promise<Outcome<readonly Series[]>> {
  const { print } = stage;
  print("Durable over HTTP: every decision is committed before its reply. Closed loop, servers measured in turn");
  const first = await servers.first();
  const ground = await prepareGround(first.url);
  // A workspace of its own, because the peer's decisions have no ledger entries.
  const aside = await prepareGround(first.url);
  const none = await startPeer("none", aside.workspaceId);
  const prisma = await startPeer("prisma", aside.workspaceId);
  try {
    const contenders = [oursOn(OURS, [first], ground), peerAs(NO_COMMIT, none), peerAs(PRISMA, prisma)];
    for (const peer of contenders.slice(1)) await warm(stage, peer);
    print(LEGEND);
    const all: Series[] = [];
    for (const inFlight of IN_FLIGHT) {
      const lanes = (["asks", "plain"] as const).flatMap((mix): Lane[] =>
        contenders.map((contender) => ({ contender, mix, inFlight, calls: createCalls() })),
      );
      const measured = await interleave(stage, lanes);
      all.push(...measured);
      print(`\n  ${inFlight} in flight`);
      print(seriesTable(measured, ({ name, mix }) => `${name}, ${MIX_NAMES[mix]}`));
    }
    print(`\n  ${verdicts(all)}`);
    return { figures: all, values: valuesOf(all) };
  } finally {
    await Promise.all([none.stop(), prisma.stop()]);
  }
}

/** The mix as it was answered: the more actions wait, the more questions are refused. */
function verdicts(all: readonly Series[]): string {
  const ours = all.filter(({ name, mix }) => name === OURS && mix === "asks");
  const sum = (key: "calls" | "allowed" | "asked") => ours.reduce((total, series) => total + series[key], 0);
  const share = (count: number) => `${((100 * count) / sum("calls")).toFixed(1)} %`;
  return `Interlock's answers to the mix in which 15 % ask: ${share(sum("allowed"))} allow, ${share(sum("asked"))} require_approval, the rest deny. Once enough actions wait, further questions are refused.`;
}

function valuesOf(all: readonly Series[]) {
  const at = (name: string, mix: Mix) =>
    all.find((series) => series.name === name && series.mix === mix && series.inFlight === JUDGED_IN_FLIGHT);
  const ours = at(OURS, "asks");
  return {
    cpuAsks: timesOf(ours, at(NO_COMMIT, "asks"), "cpuUs"),
    cpuPlain: timesOf(at(OURS, "plain"), at(NO_COMMIT, "plain"), "cpuUs"),
    rateNone: timesOf(ours, at(NO_COMMIT, "asks"), "perSecond"),
    ratePrisma: timesOf(ours, at(PRISMA, "asks"), "perSecond"),
    p99: ours?.figures.p99?.median ?? null,
  };
}
