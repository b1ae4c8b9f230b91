import { LEGEND, seriesTable } from "./columns";
import { JUDGED_IN_FLIGHT } from "./contenders";
import { beyond, hotContender, hotLane, type Overshoot, overshootOn, told } from "./hot";
import type { Outcome } from "./requirements";
import { interleave, type Lane, type Series, timesOf } from "./rounds";
import type { Servers } from "./servers";
import { type Contender, createCalls, oursOn, prepareGround, type Stage } from "./stage";

export type ReplicasPart = { readonly series: readonly Series[]; readonly overshoot: Overshoot };

/** Two processes on one database against one: the mix, and one hot budget that both must keep. */
export async function replicas(stage: Stage, servers: Servers): Promise<Outcome<ReplicasPart>> {
  const { print } = stage;
  print(`Two processes on one database, ${JUDGED_IN_FLIGHT} in flight`);
  const both = [await servers.first(), await servers.second()];
  const urls = both.map(({ url }) => url);
  const ground = await prepareGround(urls[0] ?? "");
  const over = (contender: Contender) => urls.map((url) => ({ url, key: contender.keys.asks }));
  const mixed = (contender: Contender): Lane => ({
    contender,
    mix: "asks",
    inFlight: JUDGED_IN_FLIGHT,
    calls: createCalls(),
  });
  const one = oursOn("one process, 15 % ask", both.slice(0, 1), ground);
  const two = oursOn("two processes, 15 % ask", both, ground);
  const hotOne = await hotContender("one process, one budget", both.slice(0, 1));
  const hotTwo = await hotContender("two processes, one budget", both);
  const series = await interleave(stage, [
    mixed(one),
    { ...mixed(two), targets: over(two) },
    hotLane(hotOne),
    { ...hotLane(hotTwo), targets: over(hotTwo) },
  ]);
  print(LEGEND);
  print(seriesTable(series, ({ name }) => name));
  const overshoot = await overshootOn(urls);
  print(`  ${told(overshoot)}, two processes`);
  return {
    figures: { series, overshoot },
    values: {
      replicas: timesOf(series[1], series[0], "perSecond"),
      replicasHot: timesOf(series[3], series[2], "perSecond"),
      replicasOvershoot: beyond(overshoot),
    },
  };
}
