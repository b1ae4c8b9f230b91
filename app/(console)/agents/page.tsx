import { AgentTable } from "@/components/agents/agent-table";
import { RefreshOn } from "@/components/layout/refresh-on";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { AgentFilter } from "@/lib/core/agents/item";
import { paths } from "@/lib/core/shared/paths";
import { listAgents } from "@/lib/services/agents/list-agents";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Agents" };

const TOPICS = [
  "agent.register",
  "agent.update",
  "agent.level",
  "manifest.publish",
  "decision.made",
  "stop.request",
  "stop.resume",
];

export default async function AgentsPage({ searchParams }: PageProps<"/agents">) {
  const ctx = await pageContext();
  const filter = AgentFilter.parse(await searchParams);
  const { items, next } = await listAgents(ctx, filter);
  const query = filter.status ? { status: filter.status } : {};

  return (
    <>
      <RefreshOn topics={TOPICS} everyMs={5_000} />
      <PageHeader
        title="Agents"
        meta="Privileged identities: each has one person who answers for it, one manifest in force and one level."
        actions={
          <ButtonLink href={paths.newAgent()} variant="primary">
            Register an agent
          </ButtonLink>
        }
      />
      {items.length > 0 ? (
        <AgentTable agents={items} />
      ) : (
        <EmptyState title="No agents yet" actions={<ButtonLink href={paths.newAgent()}>Register an agent</ButtonLink>}>
          <p>
            Registering takes a name, the person who answers for it, and a manifest: the list of what it may do. You get
            a key, once.
          </p>
          <p>
            From the command line: <code>npx interlock agent create</code>.
          </p>
        </EmptyState>
      )}
      <Pager
        {...(next && { nextHref: paths.agents({ ...query, cursor: next }) })}
        {...(filter.cursor && { firstHref: paths.agents(query) })}
      />
    </>
  );
}
