import "server-only";

import { targetOf } from "@/lib/core/decisions/facets";
import { wantsUsual } from "@/lib/core/decisions/reserve";
import type { Call, HistoryFacts, UsualSpend } from "@/lib/core/decisions/schema";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import { SECOND_MS } from "@/lib/core/shared/time";
import type { AgentId } from "@/lib/core/shared/brand";
import { findToolHistory, findUsualSpend } from "@/lib/data/tool-history";

import type { ServiceContext } from "../context";
import { sha256Hex } from "./digests";
import { keptAnswers, refreshedAnswers } from "./kept-answers";

// Thirty days do not change in fifteen seconds, and asking anew for each call of a burst costs more than deciding it.
// What was used is stored with the decision, so that it can be judged again by the same facts.
const kept = keptAnswers<HistoryFacts>({ ms: 15 * SECOND_MS, most: 5_000 });

/** What this agent did with this tool and this call's target in the last 30 days, at most fifteen seconds old. */
export function historyOf(
  ctx: ServiceContext,
  agentId: AgentId,
  { tool, args }: Pick<Call, "tool" | "args">,
): Promise<HistoryFacts> {
  const named = targetOf(args);
  const target = named === null ? null : sha256Hex(named);
  return kept(`${agentId} ${target} ${tool}`, () =>
    findToolHistory(ctx.db, ctx.workspaceId, { agentId, tool, target }),
  );
}

const usual = refreshedAnswers<UsualSpend>({ ms: 15 * SECOND_MS, most: 5_000 });

/**
 * What this agent's calls of a tool usually spend, as this process knows it; null where that could not be learned, and
 * where it does not matter for this call.
 */
export function usualSpendOf(
  ctx: ServiceContext,
  compiled: CompiledManifest | null,
  agentId: AgentId,
  call: Call,
): Promise<UsualSpend | null> {
  const { tool } = call;
  if (compiled?.tools.has(tool) !== true || !wantsUsual(call, compiled.bounds)) return NOTHING_USUAL;
  return usual(`${agentId} ${tool}`, () => findUsualSpend(ctx.db, ctx.workspaceId, { agentId, tool }));
}

const NOTHING_USUAL = Promise.resolve(null);
