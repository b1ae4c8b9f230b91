import "server-only";

import { decide } from "@/lib/core/decisions/decide";
import type { Call, Facts, RunFacts, Tally } from "@/lib/core/decisions/schema";
import type { AgentId } from "@/lib/core/shared/brand";
import { findCounts, findRunFacts } from "@/lib/data/decisions-commit";

import type { ServiceContext } from "../context";
import { takeTurns } from "../take-turn";
import { findReadings } from "../context/find-readings";
import { tallyDigest } from "./digests";
import { historyOf, usualSpendOf } from "./history-cache";
import { controlFacts, type Policy } from "./policy-cache";

/** What is known for each of some calls of one run. */
export type DryFacts = { readonly run: RunFacts; factsOf(index: number): Facts };

/** What is counted under these tallies now, by their keys. */
async function countsOf(
  ctx: ServiceContext,
  agentId: AgentId,
  { call, asked }: { readonly call: Call; readonly asked: readonly Tally[] },
): Promise<Readonly<Record<string, number>>> {
  const keys = new Map(asked.map((tally) => [tallyDigest(tally.key), tally]));
  const wanted = [...keys].map(([digest, { scope, spanSeconds }]) => ({ digest, scope, span: spanSeconds }));
  const counts = wanted.length === 0 ? new Map() : await findCounts(ctx.db, ctx.workspaceId, agentId, { call, wanted });
  return Object.fromEntries([...keys].map(([digest, { key }]) => [key, counts.get(digest) ?? 0]));
}

/** What every call would be counted under. Stops after each call. */
function* talliesOf(
  compiled: Policy["compiled"],
  calls: readonly Call[],
  facts: Facts,
): Generator<void, readonly Tally[]> {
  const asked: Tally[] = [];
  for (const call of calls) {
    asked.push(...decide(compiled, call, { ...facts, tallies: null }).tallies);
    yield;
  }
  return asked;
}

/**
 * Everything deciding would know about calls that are only asked about: nothing is locked and nothing consumed, so what
 * a commit finds later may be stricter.
 *
 * @param calls of one session and run
 */
export async function dryFacts(
  ctx: ServiceContext,
  agentId: AgentId,
  { policy, calls }: { readonly policy: Policy; readonly calls: readonly [Call, ...Call[]] },
): Promise<DryFacts> {
  const { compiled } = policy;
  const sources = [...new Set(calls.flatMap(({ tool }) => compiled?.tools.get(tool)?.sources ?? []))];
  const context = calls.flatMap((call) => call.context);
  const [{ run, reach }, readings, usuals, ...histories] = await Promise.all([
    findRunFacts(ctx.db, ctx.workspaceId, agentId, calls[0]),
    findReadings(ctx, agentId, { sources, context }),
    Promise.all(calls.map((call) => usualSpendOf(ctx, compiled, agentId, call))),
    ...calls.map((call) => historyOf(ctx, agentId, call)),
  ]);
  const facts: Facts = {
    ...controlFacts(policy),
    run,
    history: null,
    tallies: {},
    reach,
    readings,
  };
  const asked = await takeTurns(ctx, talliesOf(compiled, calls, facts));
  const tallies = await countsOf(ctx, agentId, { call: calls[0], asked });
  return {
    run,
    factsOf: (index) => ({ ...facts, tallies, history: histories[index] ?? null, usual: usuals[index] ?? null }),
  };
}
