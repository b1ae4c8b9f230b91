import "server-only";

import type { CachedCalls, RatesFor } from "@/lib/core/advice/cache-share";
import { cacheShares } from "@/lib/core/advice/cache-share";
import { monthOf } from "@/lib/core/advice/month";
import { rateLimits } from "@/lib/core/advice/rate-limits";
import { repeatedReads } from "@/lib/core/advice/repeated-reads";
import type { Dependency, Finding } from "@/lib/core/advice/schema";
import { smallerModels } from "@/lib/core/advice/smaller-model";
import { type Windows, windowsAt } from "@/lib/core/advice/windows";
import { compilePrices } from "@/lib/core/costs/table";
import { digestOf } from "@/lib/core/shared/digest";
import { type NewAdvice, replaceAdvice } from "@/lib/data/advice";
import { type AdvisedAgent, readModelWork, readRefusals, readRepeats } from "@/lib/data/advice-reads";
import { listOverridesInForce } from "@/lib/data/prices";
import { listSpendAgents } from "@/lib/data/spend-facts";
import { findSettings } from "@/lib/data/workspaces";

import { requireSystem, type ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { type AdviceCalls, readCalls } from "./read-calls";

const ID_DIGITS = 32;

/**
 * Looks for advice in the last two weeks and keeps what it finds in the place of what was found before. It reads events
 * an agent at a time, so it is for a job; pages read what it keeps. Two workers at once do no harm.
 */
export async function findAdvice(ctx: ServiceContext, signal?: AbortSignal): Promise<{ readonly found: number }> {
  requireSystem(ctx);
  const { event_days: keptDays } = await findSettings(ctx.db, ctx.workspaceId);
  const windows = windowsAt(ctx.now, keptDays);
  const [agents, overrides, calls] = await Promise.all([
    listSpendAgents(ctx.db, ctx.workspaceId),
    listOverridesInForce(ctx.db, ctx.workspaceId),
    readCalls(ctx, windows),
  ]);
  const table = compilePrices(overrides);
  const ratesFor: RatesFor = (provider, model, inputTokens) => {
    const plain = { at: windows.events.to, serviceTier: null, batch: false };
    const answer = table.ratesFor({ provider: provider || null, model, inputTokens, ...plain });
    return answer.ok ? answer.rates : null;
  };
  const known = new Map(agents.map((agent) => [agent.id, agent.handle]));
  const refusals = await readRefusals(ctx.workspaceId, windows.events);
  const findings = [
    ...cacheShares(cachedCalls(calls, known), ratesFor, windows),
    ...rateLimits(refusals, (of, name) => callsOf(calls, of, name), windows.events),
    ...(await findByAgent(ctx, { agents, calls, ratesFor, windows }, signal)),
  ];
  // What was read in part must not take the place of the whole.
  if (signal?.aborted) return { found: 0 };
  await replaceAdvice(ctx.db, ctx.workspaceId, findings.map(adviceOf), ctx.now);
  return { found: findings.length };
}

type ByAgent = {
  readonly agents: readonly AdvisedAgent[];
  readonly calls: AdviceCalls;
  readonly ratesFor: RatesFor;
  readonly windows: Windows;
};

/** What only the events themselves tell, read for the agents that have any to tell. */
async function findByAgent(
  ctx: ServiceContext,
  { agents, calls, ratesFor, windows }: ByAgent,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const window = windows.events;
  const bySkill = calls.skills > 0;
  const reads = [];
  const work = [];
  for (const agent of agents) {
    if (signal?.aborted) break;
    const { tools, models } = calls.byAgent.get(agent.id) ?? { tools: 0, models: 0 };
    if (tools > 0) reads.push(...(await readRepeats(ctx.workspaceId, agent, window)));
    // Without skills, only the agent's own other models can be compared.
    if (models > (bySkill ? 0 : 1)) work.push(...(await readModelWork(ctx.workspaceId, agent, { window, bySkill })));
  }
  return [...repeatedReads(reads, window), ...smallerModels(work, ratesFor, window)];
}

const cachedCalls = ({ weeks }: AdviceCalls, handles: ReadonlyMap<string, string>): readonly CachedCalls[] =>
  weeks.flatMap(({ agent: id, ...row }) => {
    const agent = handles.get(id);
    return agent === undefined || row.calls === 0n ? [] : [{ ...row, agent }];
  });

function callsOf({ kinds, servers }: AdviceCalls, of: Dependency, name: string): number {
  if (of === "mcp_server") return servers.get(name) ?? 0;
  const mine = kinds.filter(({ kind, tool, provider }) =>
    of === "tool" ? kind === "tool" && tool === name : (kind === "llm" || kind === "embedding") && provider === name,
  );
  return mine.reduce((sum, { events }) => sum + events, 0);
}

function adviceOf({ subject, facts, picos, n, window }: Finding): NewAdvice {
  return {
    id: digestOf(sha256Hex, [...subject]).slice(0, ID_DIGITS),
    facts,
    ...window,
    month_picos: picos === null ? null : String(monthOf(picos, window)),
    n,
  };
}
