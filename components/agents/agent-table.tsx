import { RowLink } from "@/components/ui/row-link";
import { Chip } from "@/components/ui/chip";
import { Cell, Row, Table } from "@/components/ui/table";
import type { AgentItem } from "@/lib/core/agents/item";
import { LEVEL_NAMES } from "@/lib/core/agents/level-words";
import type { Verdict } from "@/lib/core/decisions/schema";
import { paths } from "@/lib/core/shared/paths";

import { AgentStatusMark } from "./agent-status";

const HEAD = [
  "Agent",
  "Status",
  "Level",
  "Environment",
  "DRI",
  "Manifest",
  { label: "Allowed, 24 h", numeric: true },
  { label: "Asked", numeric: true },
  { label: "Recommended", numeric: true },
  { label: "Denied", numeric: true },
  { label: "Halted", numeric: true },
];

const COUNTED: readonly Verdict[] = ["allow", "require_approval", "recommend", "deny", "halt"];

/** Agents, one a line, with what was decided about their calls in the last day. */
export function AgentTable({ agents }: { agents: readonly AgentItem[] }) {
  return (
    <Table label="Agents" head={HEAD}>
      {agents.map((agent) => (
        <Row key={agent.agent_id}>
          <Cell header>
            <RowLink href={paths.agent(agent.id)} className="font-mono">
              {agent.id}
            </RowLink>{" "}
            {agent.demo && <Chip tone="demo">demo</Chip>}
          </Cell>
          <Cell>
            <AgentStatusMark status={agent.status} />
          </Cell>
          <Cell>
            <span className="text-muted">{agent.level}</span> {LEVEL_NAMES[agent.level]}
          </Cell>
          <Cell>{agent.environment}</Cell>
          <Cell>{agent.dri.name}</Cell>
          <Cell>
            {agent.manifest_version === null ? (
              <span className="text-muted">none</span>
            ) : (
              <RowLink href={paths.manifest(agent.id)}>v{agent.manifest_version}</RowLink>
            )}
          </Cell>
          {COUNTED.map((verdict) => (
            <CountCell key={verdict} agent={agent} verdict={verdict} />
          ))}
        </Row>
      ))}
    </Table>
  );
}

function CountCell({ agent, verdict }: { agent: AgentItem; verdict: Verdict }) {
  const count = agent.counts_24h[verdict];
  if (count === 0) {
    return (
      <Cell numeric className="text-muted">
        0
      </Cell>
    );
  }
  return (
    <Cell numeric>
      <RowLink href={paths.decisions({ agent: agent.id, verdict })}>{count.toLocaleString("en")}</RowLink>
    </Cell>
  );
}
