import type { Metadata } from "next";

import { AgentField } from "@/components/agents/agent-field";
import { RefreshOn } from "@/components/layout/refresh-on";
import { ObjectiveForm } from "@/components/objectives/objective-form";
import { ObjectiveTable } from "@/components/objectives/objective-table";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterForm } from "@/components/ui/filter-form";
import { PageHeader } from "@/components/ui/page-header";
import { canRestrain } from "@/lib/core/agents/permission";
import { AlertFilter } from "@/lib/core/alerts/schema";
import { MAX_PAGE } from "@/lib/core/shared/page";
import { paths } from "@/lib/core/shared/paths";
import { listAgents } from "@/lib/services/agents/list-agents";
import { listObjectives } from "@/lib/services/objectives/list-objectives";
import { orNull } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { removeObjectiveAction, setObjectiveAction } from "./actions";

export const metadata: Metadata = { title: "Objectives" };

const NOT_YOURS = "This needs the agent’s DRI, an operator or a policy administrator.";
const REFRESH_MS = 60_000;

export default async function ObjectivesPage({ searchParams }: PageProps<"/signals/objectives">) {
  const { ctx, member } = await pageMember();
  const { agent } = AlertFilter.pick({ agent: true }).parse(await searchParams);
  const [found, agents] = await Promise.all([orNull(listObjectives(ctx, agent)), listAgents(ctx, { limit: MAX_PAGE })]);
  const objectives = found ?? [];
  const chosen = found === null ? undefined : agent;
  const person = { id: member.memberId, roles: member.roles };
  const mine = agents.items.filter(({ dri, status }) => status !== "retired" && canRestrain(person, dri.id));
  const mayFor = new Set(mine.map(({ id }) => id));
  return (
    <>
      <RefreshOn topics={["objective.set", "objective.remove"]} everyMs={REFRESH_MS} />
      <PageHeader
        title="Objectives"
        meta={<span>What agents are to reach over whole days of UTC, counted from finished runs and decisions</span>}
      />
      {(objectives.length > 0 || agent !== undefined) && (
        <FilterForm action={paths.objectives()} active={agent !== undefined}>
          <AgentField agents={agents.items.map(({ id }) => id)} chosen={chosen} />
        </FilterForm>
      )}
      {objectives.length > 0 ? (
        <ObjectiveTable
          objectives={objectives}
          remove={removeObjectiveAction}
          whyNot={(handle) => (mayFor.has(handle) ? undefined : NOT_YOURS)}
        />
      ) : (
        <NoObjectives agent={agent} isKnown={found !== null} />
      )}
      <ObjectiveForm
        set={setObjectiveAction}
        agents={mine.map(({ id }) => id)}
        chosen={chosen}
        disabledReason={mine.length > 0 ? undefined : NOT_YOURS}
      />
    </>
  );
}

function NoObjectives({ agent, isKnown }: { agent: string | undefined; isKnown: boolean }) {
  if (!isKnown)
    return (
      <EmptyState
        title="There is no such agent"
        actions={<ButtonLink href={paths.objectives()}>Show all objectives</ButtonLink>}
      >
        <p>Choose one of the agents above.</p>
      </EmptyState>
    );
  if (agent !== undefined)
    return (
      <EmptyState
        title="This agent has no objective"
        actions={<ButtonLink href={paths.objectives()}>Show all objectives</ButtonLink>}
      >
        <p>Set one below.</p>
      </EmptyState>
    );
  return (
    <EmptyState title="No objectives yet">
      <p>
        An objective says what share of an agent’s runs must succeed, stay under a time or a cost, or need no person, or
        what share of its decisions must not be denied. What may be missed is its error budget.
      </p>
      <p>
        Success, time and cost are counted from the runs that telemetry reports as finished; interventions and denials
        from the calls the agent asked about.
      </p>
    </EmptyState>
  );
}
