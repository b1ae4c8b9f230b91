import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import type { AgentStatus } from "@/lib/core/agents/schema";
import { paths } from "@/lib/core/shared/paths";

type NoSignalsProps = {
  /** The agent that is chosen, where it is not watched because of its status. */
  unwatched: { readonly agent: string; readonly status: AgentStatus } | null;
  /** Whether there are agents, none of them active. */
  isNoneActive: boolean;
};

const WHY: Record<Exclude<AgentStatus, "active">, { title: string; what: string }> = {
  draft: {
    title: "A draft agent is not watched",
    what: "What it sends is kept and its runs are listed. It becomes active, and is watched, once a manifest of it is published.",
  },
  suspended: {
    title: "A suspended agent is not watched",
    what: "What it sends is kept and its runs are listed. It is watched again once it is active: reactivate it on its page.",
  },
  retired: {
    title: "A retired agent is not watched",
    what: "A retired agent stays retired. Its runs are still listed.",
  },
};

/** Why there is no signal to show, and what to do: what signals are made of, or why an agent is not watched. */
export function NoSignals({ unwatched, isNoneActive }: NoSignalsProps) {
  if (unwatched !== null && unwatched.status !== "active") {
    const { agent, status } = unwatched;
    const { title, what } = WHY[status];
    return (
      <EmptyState
        title={title}
        actions={
          <>
            {status === "draft" && <ButtonLink href={paths.proposeManifest(agent)}>Propose a manifest</ButtonLink>}
            {status === "suspended" && <ButtonLink href={paths.agent(agent)}>Open the agent</ButtonLink>}
            <ButtonLink href={paths.runs({ agent })}>Runs</ButtonLink>
          </>
        }
      >
        <p>{what}</p>
      </EmptyState>
    );
  }
  if (isNoneActive)
    return (
      <EmptyState title="No agent is active" actions={<ButtonLink href={paths.agents()}>Open the agents</ButtonLink>}>
        <p>
          Only active agents are watched. A draft becomes active once a manifest of it is published; a suspended agent
          is reactivated on its page. Telemetry is kept meanwhile and its runs are listed.
        </p>
      </EmptyState>
    );
  return (
    <EmptyState
      title="No signals yet"
      actions={<ButtonLink href={paths.agents()}>Connect an agent’s telemetry</ButtonLink>}
    >
      <p>
        Retries, tool errors, tokens, cost and latency come from an agent’s OpenTelemetry exporter; requests, denials
        and waits from its decisions. Each agent’s page has the snippets. What is usual is learned from 21 days; daily
        caps are watched from the first minute.
      </p>
    </EmptyState>
  );
}
