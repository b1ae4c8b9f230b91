import "server-only";

import { CLAIMED_DIMENSIONS, type CallDimension, type SpendDimension } from "@/lib/core/figures/measures";
import type { SpendQuery } from "@/lib/core/figures/spend";
import { AgentId, type MemberId } from "@/lib/core/shared/brand";
import type { SpendAgent } from "@/lib/data/spend-facts";

/** What of the spend is asked for. */
export type Narrowing = {
  readonly by: SpendDimension;
  /** The agents that count; null for all. */
  readonly agents: readonly AgentId[] | null;
  /** The values that count, of each dimension of calls that is narrowed. */
  readonly where: Readonly<Partial<Record<CallDimension, readonly string[]>>>;
  /** Whether something but the agent narrows it, so that runs and claims are not known. */
  readonly isByCalls: boolean;
  /** Why it is not split as asked, and by what it is. */
  readonly notice: string | null;
  /** The same for a program: why, and what to send in its place. */
  readonly fault: string | null;
};

/**
 * Reads the filters of a question. An agent that does not exist has no spend.
 *
 * @param owner counts the agents that this member answers for now, alone
 */
export function narrowingOf(query: SpendQuery, known: readonly SpendAgent[], owner?: MemberId): Narrowing {
  const agents = narrowed(query.agent, known, owner);
  const { model, provider, tool } = query;
  const isByCalls = [model, provider, tool].some((value) => value !== undefined && value !== "");
  const cannotSplit = isByCalls && CLAIMED_DIMENSIONS.some((dimension) => dimension === query.by);
  const why = `A model, provider or tool cannot be split by ${query.by.replace("_", " ")}.`;
  return {
    by: cannotSplit ? "agent" : query.by,
    agents,
    where: {
      ...(agents !== null && { agent: agents }),
      ...(model && { model: [model] }),
      ...(provider && { provider: [provider] }),
      ...(tool && { tool: [tool] }),
    },
    isByCalls,
    notice: cannotSplit ? `${why} The table is by agent.` : null,
    fault: cannotSplit ? `${why} Send by=agent, or no model, provider and tool.` : null,
  };
}

function narrowed(
  handle: string | undefined,
  known: readonly SpendAgent[],
  owner: MemberId | undefined,
): readonly AgentId[] | null {
  if (!handle && owner === undefined) return null;
  return known
    .filter((agent) => (!handle || agent.handle === handle) && (owner === undefined || agent.owner_id === owner))
    .map(({ id }) => AgentId.parse(id));
}
