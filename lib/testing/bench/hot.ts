import { LEGEND, seriesTable } from "./columns";
import { post } from "./load";
import type { Outcome } from "./requirements";
import { interleave, type Lane, type Series, timesOf } from "./rounds";
import type { Servers } from "./servers";
import {
  type Contender,
  createCalls,
  oursOn,
  peerAs,
  prepareGround,
  registerAgent,
  type Stage,
  startPeer,
  warm,
} from "./stage";

export type HotPart = { readonly series: readonly Series[]; readonly overshoot: Overshoot };
export type Overshoot = { readonly allowed: number; readonly limit: number };

const IN_FLIGHT = 32;
const BOUND = 100;

/** One run with one budget row: against an UPDATE of a shared budget and one INSERT a call, on a pool. */
export async function hot(stage: Stage, servers: Servers): Promise<Outcome<HotPart>> {
  const { print } = stage;
  print(`Hot: one workspace, one run, one budget row, ${IN_FLIGHT} in flight`);
  const first = await servers.first();
  const ours = await hotContender("Interlock", [first]);
  const update = await startPeer("update", "");
  try {
    const peer = peerAs("an UPDATE and an INSERT a call", update);
    await warm(stage, peer);
    const lanes = [ours, peer].map((contender): Lane => hotLane(contender));
    const series = await interleave(stage, lanes);
    print(LEGEND);
    print(seriesTable(series, ({ name }) => name));
    const overshoot = await overshootOn([first.url]);
    print(`  ${told(overshoot)}, one process`);
    const values = {
      hotRate: timesOf(series[0], series[1], "perSecond"),
      hotP99: timesOf(series[0], series[1], "p99"),
      hotOvershoot: beyond(overshoot),
    };
    return { figures: { series, overshoot }, values };
  } finally {
    await update.stop();
  }
}

/** An agent with one large budget, in a workspace of its own. */
export async function hotContender(
  name: string,
  servers: readonly { readonly url: string; readonly pid: number; stop(): Promise<void> }[],
): Promise<Contender> {
  const url = servers[0]?.url ?? "";
  const ground = await prepareGround(url);
  const key = await registerAgent(url, ground.admin, "hot", budgetOf("hot", 1_000));
  return oursOn(name, servers, { ...ground, keys: { asks: key, plain: key } });
}

/** Every call in the one run, each with a price. */
export const hotLane = (contender: Contender): Lane => ({
  contender,
  mix: "plain",
  inFlight: IN_FLIGHT,
  calls: createCalls(() => ({ ...ALLOWED, session_id: "hot", run_id: "hot", estimate: { cost_usd: 0.000_001 } })),
});

const ALLOWED = { tool: "tool_0", args: { status: "open", amount: 20, account: "acct-1" } };

const budgetOf = (id: string, usd: number) =>
  `agent:\n  id: "${id}"\ntools:\n  allowed:\n    - name: "tool_0"\nexecution:\n  max_cost_usd: ${usd}\n`;

/** Four times as many calls at once as one budget allows, over all the servers. */
export async function overshootOn(urls: readonly string[]): Promise<Overshoot> {
  const ground = await prepareGround(urls[0] ?? "");
  const key = await registerAgent(urls[0] ?? "", ground.admin, "small", budgetOf("small", BOUND / 100));
  const calls = createCalls(() => ({ ...ALLOWED, session_id: "s", run_id: "s", estimate: { cost_usd: 0.01 } }));
  const answers = await Promise.all(
    Array.from({ length: 4 * BOUND }, (_, index) => post({ url: urls[index % urls.length] ?? "", key }, calls())),
  );
  const allowed = answers.filter(({ text }) => text.includes('"verdict":"allow"')).length;
  if (allowed === 0) throw new Error("no call of the budget's test was allowed");
  return { allowed, limit: BOUND };
}

/** How many calls too many were allowed. */
export const beyond = ({ allowed, limit }: Overshoot): number => Math.max(0, allowed - limit);

/** The overshoot as a sentence without its end. */
export const told = ({ allowed, limit }: Overshoot): string =>
  `Overshoot: ${4 * limit} calls at once on a budget for ${limit}: ${allowed} allowed`;
