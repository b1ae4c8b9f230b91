import "server-only";

import type { Call, Facts, RunFacts } from "@/lib/core/decisions/schema";
import type { AgentId } from "@/lib/core/shared/brand";
import { databaseNow } from "@/lib/data/clock";
import { findRunFacts } from "@/lib/data/decisions-commit";

import type { ServiceContext } from "../context";
import { findReadings } from "../context/find-readings";
import { findReach } from "./find-reach";
import { historyOf } from "./history-cache";
import type { Policy } from "./policy-cache";

/** What is known for each of some calls of one run. */
export type DryFacts = { readonly run: RunFacts; factsOf(index: number): Facts };

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
  const { source, compiled } = policy;
  const sources = [...new Set(calls.flatMap(({ tool }) => compiled?.tools.get(tool)?.sources ?? []))];
  const context = calls.flatMap((call) => call.context);
  const [run, reach, readings, ...histories] = await Promise.all([
    findRunFacts(ctx.db, ctx.workspaceId, agentId, calls[0]),
    findReach(ctx, agentId, calls[0]),
    findReadings(ctx, agentId, { sources, context }),
    ...calls.map((call) => historyOf(ctx, agentId, call)),
  ]);
  const facts: Facts = {
    now: databaseNow(),
    workspace: { stopped: source.stopped, readsOnly: source.stage !== "running" },
    agent: { handle: source.handle, status: source.status, environment: source.environment, level: source.level },
    run,
    history: null,
    tallies: null,
    reach,
    readings,
  };
  return { run, factsOf: (index) => ({ ...facts, history: histories[index] ?? null }) };
}
