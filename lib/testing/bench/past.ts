import { LEGEND, seriesTable } from "./columns";
import { JUDGED_IN_FLIGHT, MIX_NAMES } from "./contenders";
import { whole } from "./format";
import { loadPast } from "./past-rows";
import type { Outcome } from "./requirements";
import { interleave, type Lane, type Series, timesOf } from "./rounds";
import type { Servers } from "./servers";
import { createCalls, oursOn, prepareGround, type Stage } from "./stage";

export type PastPart = { readonly size: number; readonly series: readonly Series[] };

/** The same load before and after many past decisions are loaded, beside a workspace that has none. */
export async function past(stage: Stage, servers: Servers): Promise<Outcome<PastPart>> {
  const { options, meter, print } = stage;
  const size = whole(options.size);
  print(`Growth: ${JUDGED_IN_FLIGHT} in flight, before and after ${size} past decisions are loaded`);
  const first = await servers.first();
  const grown = await prepareGround(first.url);
  const other = await prepareGround(first.url);
  const calls = createCalls();
  const measure = (names: readonly [string, string]) =>
    interleave(
      stage,
      [oursOn(names[0], [first], grown), oursOn(names[1], [first], other)].flatMap((contender): Lane[] =>
        (["asks", "plain"] as const).map((mix) => ({ contender, mix, inFlight: JUDGED_IN_FLIGHT, calls })),
      ),
    );
  const before = await measure(["before", "before, the other workspace"]);
  const began = performance.now();
  await loadPast(meter, grown.workspaceId, options.size);
  print(`  Loaded in ${((performance.now() - began) / 1_000).toFixed(0)} s.`);
  const after = await measure(["after", "after, the other workspace"]);
  const series = [...before, ...after];
  print(LEGEND);
  print(seriesTable(series, ({ name, mix }) => `${name}, ${MIX_NAMES[mix]}`));
  return { figures: { size: options.size, series }, values: { past: timesOf(after[0], before[0], "cpuUs") } };
}
