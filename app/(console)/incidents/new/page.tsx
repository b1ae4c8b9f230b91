import { OpenForm } from "@/components/incidents/open-form";
import { PageHeader } from "@/components/ui/page-header";
import { NewIncidentQuery } from "@/lib/core/incidents/schema";
import { paths } from "@/lib/core/shared/paths";
import { canKeepIncidents } from "@/lib/core/workspaces/permission";
import { listAgents } from "@/lib/services/agents/list-agents";
import { pageMember } from "@/lib/web/page-member";

import { openIncidentAction } from "../actions";

export const metadata = { title: "Open an incident" };

export default async function NewIncidentPage({ searchParams }: PageProps<"/incidents/new">) {
  const [{ ctx, member }, query] = await Promise.all([pageMember(), searchParams]);
  const agents = await listAgents(ctx, { limit: 200 });

  return (
    <>
      <PageHeader crumbs={[{ label: "Incidents", href: paths.incidents() }]} title="Open an incident" />
      <OpenForm
        agents={agents.items.map((item) => item.id)}
        given={NewIncidentQuery.parse(query)}
        open={openIncidentAction}
        {...(!canKeepIncidents(member.roles) && { disabledReason: "This needs an operator." })}
      />
    </>
  );
}
