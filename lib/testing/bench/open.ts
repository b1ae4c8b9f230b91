import { alignColumns } from "./columns";
import { figure, whole } from "./format";
import { type Gaps, gapsIn } from "./ledger-gaps";
import { openLoop } from "./load";
import type { Outcome } from "./requirements";
import type { Servers } from "./servers";
import { answered, createCalls, prepareGround, type Stage } from "./stage";
import { quantile } from "./statistics";

/** The open loop at one rate. Latencies in ms from the scheduled start. */
export type OpenFigures = {
  readonly perSecond: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly overruns: number;
  readonly notAnswered: number;
  readonly unsent: number;
  /** How late calls left the load generator: below this, latencies say nothing about the server. */
  readonly latenessP99: number;
};

export type OpenPart = { readonly rates: readonly OpenFigures[]; readonly gaps: Gaps };

const RATES = [300, 1_000];

/** Calls that leave by the clock, whatever the answers do; then every decision is looked for in the ledger. */
export async function open(stage: Stage, servers: Servers): Promise<Outcome<OpenPart>> {
  const { options, meter, print } = stage;
  const seconds = Math.ceil(options.seconds * 12);
  print(`Open loop: calls leave by the clock for ${seconds} s at each rate; latency in ms from the scheduled start`);
  const first = await servers.first();
  const ground = await prepareGround(first.url);
  const rates: OpenFigures[] = [];
  for (const perSecond of RATES) {
    const target = { url: first.url, key: ground.keys.asks };
    const result = await openLoop(target, createCalls(), perSecond, seconds, answered);
    rates.push({
      perSecond,
      seconds,
      p50: quantile(result.latencies, 0.5),
      p99: quantile(result.latencies, 0.99),
      most: quantile(result.latencies, 1),
      overruns: result.overruns,
      notAnswered: result.wrong,
      unsent: result.unsent,
      latenessP99: quantile(result.lateness, 0.99),
    });
  }
  print(
    alignColumns([
      ["calls/s", "p50", "p99", "max", "over the deadline", "not answered", "not sent", "left late, p99"],
      ...rates.map((rate) => [
        String(rate.perSecond),
        figure(rate.p50),
        figure(rate.p99),
        figure(rate.most),
        String(rate.overruns),
        String(rate.notAnswered),
        String(rate.unsent),
        figure(rate.latenessP99),
      ]),
    ]),
  );
  const gaps = await gapsIn(meter, ground.workspaceId);
  print(
    `  Ledger: ${whole(gaps.decisions)} decisions, ${gaps.withoutEntry} without an entry; ${gaps.withoutDecision} entries without a decision; ${gaps.missingSteps} steps missing in runs; ${gaps.missingLeaves} missing in the sequence of ${whole(gaps.leaves)}`,
  );
  const [steady] = rates;
  return {
    figures: { rates, gaps },
    values: {
      openP50: steady?.p50 ?? null,
      openP99: steady?.p99 ?? null,
      overruns: steady ? steady.overruns + steady.notAnswered + steady.unsent : null,
      gaps: gaps.withoutEntry + gaps.withoutDecision + gaps.missingSteps + gaps.missingLeaves,
    },
  };
}
