import { IncidentFilterForm } from "@/components/incidents/incident-filter";
import { IncidentTable } from "@/components/incidents/incident-table";
import { RefreshOn } from "@/components/layout/refresh-on";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { IncidentFilter } from "@/lib/core/incidents/schema";
import { paths } from "@/lib/core/shared/paths";
import { listAgents } from "@/lib/services/agents/list-agents";
import { listIncidents } from "@/lib/services/incidents/list-incidents";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Incidents" };

const TOPICS = ["incident.open", "incident.opened", "incident.resolve", "run.halted"];

export default async function IncidentsPage({ searchParams }: PageProps<"/incidents">) {
  const ctx = await pageContext();
  const filter = IncidentFilter.parse(await searchParams);
  const [incidents, agents] = await Promise.all([listIncidents(ctx, filter), listAgents(ctx, { limit: 200 })]);
  const { state, class: failure, agent } = filter;
  const query = { ...(state && { state }), ...(failure && { class: failure }), ...(agent && { agent }) };
  const filtered = Object.keys(query).length > 0;

  return (
    <>
      {!filter.cursor && <RefreshOn topics={TOPICS} />}
      <PageHeader
        title="Incidents"
        meta="What went wrong with an agent: which kind of failure, which gap let it happen, which control prevents the next."
        actions={<ButtonLink href={paths.newIncident()}>Open an incident</ButtonLink>}
      />
      <IncidentFilterForm filter={filter} agents={agents.items.map((item) => item.id)} />
      {incidents.items.length > 0 && <IncidentTable incidents={incidents.items} />}
      {incidents.items.length === 0 && (
        <EmptyState
          title={filtered ? "No incident matches" : "No incidents"}
          actions={filtered && <ButtonLink href={paths.incidents()}>Show all incidents</ButtonLink>}
        >
          <p>
            One is opened by itself when a run breaks a bound of its manifest. An operator opens any other, here or with{" "}
            <code>POST /api/v1/incidents</code>.
          </p>
        </EmptyState>
      )}
      <Pager
        {...(incidents.next && { nextHref: paths.incidents({ ...query, cursor: incidents.next }) })}
        {...(filter.cursor && { firstHref: paths.incidents(query) })}
      />
    </>
  );
}
