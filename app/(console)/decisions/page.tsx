import { DecisionCsv } from "@/components/decisions/decision-csv";
import { DecisionFilterForm } from "@/components/decisions/decision-filter";
import { DecisionTable } from "@/components/decisions/decision-table";
import { RefreshOn } from "@/components/layout/refresh-on";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { paths } from "@/lib/core/shared/paths";
import { DecisionFilter } from "@/lib/core/runs/decision";
import { listAgents } from "@/lib/services/agents/list-agents";
import { listDecisions } from "@/lib/services/decisions/list-decisions";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Decisions" };

export default async function DecisionsPage({ searchParams }: PageProps<"/decisions">) {
  const ctx = await pageContext();
  const filter = DecisionFilter.parse(await searchParams);
  const [decisions, agents] = await Promise.all([listDecisions(ctx, filter), listAgents(ctx, { limit: 200 })]);
  const { verdict, agent, tool, dependency, from } = filter;
  const query = {
    ...(verdict && { verdict }),
    ...(agent && { agent }),
    ...(tool && { tool }),
    ...(dependency && { dependency }),
    ...(from && { from: from.toISOString().replace(/T00:00:00\.000Z$/, "") }),
  };
  const filtered = Object.keys(query).length > 0;

  return (
    <>
      {!filter.cursor && <RefreshOn topics={["decision.made", "outcome.reported"]} everyMs={3_000} />}
      <PageHeader
        title="Decisions"
        meta="Our answer to every call an agent proposed, each with the rule that gave it."
        actions={<DecisionCsv decisions={decisions.items} filters={Object.entries(query)} />}
      />
      <DecisionFilterForm filter={filter} agents={agents.items.map((item) => item.id)} />
      {decisions.items.length > 0 && <DecisionTable decisions={decisions.items} />}
      {decisions.items.length === 0 && filtered && (
        <EmptyState
          title="No decision matches"
          actions={<ButtonLink href={paths.decisions()}>Show all decisions</ButtonLink>}
        >
          <p>Tools are matched by their exact name. Days begin at midnight UTC.</p>
        </EmptyState>
      )}
      {decisions.items.length === 0 && !filtered && (
        <EmptyState
          title="No decisions yet"
          actions={<ButtonLink href={paths.newAgent()}>Register an agent</ButtonLink>}
        >
          <p>
            A decision appears for every call sent to <code>POST /api/v1/decisions</code>: allowed, denied, or held for
            a person. Register an agent to get a key and the five lines that send the first one.
          </p>
        </EmptyState>
      )}
      <Pager
        {...(decisions.next && { nextHref: paths.decisions({ ...query, cursor: decisions.next }) })}
        {...(filter.cursor && { firstHref: paths.decisions(query) })}
      />
    </>
  );
}
