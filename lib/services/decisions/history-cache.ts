import "server-only";

import { targetOf } from "@/lib/core/decisions/facets";
import type { Call, HistoryFacts } from "@/lib/core/decisions/schema";
import { SECOND_MS } from "@/lib/core/shared/time";
import type { AgentId } from "@/lib/core/shared/brand";
import { findToolHistory } from "@/lib/data/tool-history";

import type { ServiceContext } from "../context";
import { sha256Hex } from "./digests";
import { keptAnswers } from "./kept-answers";

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
