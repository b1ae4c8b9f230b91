import { Chip } from "@/components/ui/chip";
import type { AgentDetail } from "@/lib/core/agents/item";
import { LEVEL_NAMES } from "@/lib/core/agents/level-words";

import { AgentStatusMark } from "./agent-status";

/** What an agent is, on one line. */
export function AgentMeta({ agent }: { agent: AgentDetail }) {
  return (
    <>
      <AgentStatusMark status={agent.status} />
      <span>
        level {agent.level} · {LEVEL_NAMES[agent.level]}
      </span>
      <span>{agent.environment}</span>
      <span>DRI {agent.dri.name}</span>
      {agent.demo && <Chip tone="demo">demo</Chip>}
    </>
  );
}
