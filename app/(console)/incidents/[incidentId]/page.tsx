import type { Metadata } from "next";

import { IncidentFacts } from "@/components/incidents/incident-facts";
import { IncidentStateMark } from "@/components/incidents/incident-state";
import { ResolveButton } from "@/components/incidents/resolve-button";
import { RefreshOn } from "@/components/layout/refresh-on";
import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { RunStopList } from "@/components/stops/run-stop-list";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { VisibleText } from "@/components/ui/visible-text";
import { FAILURE_WORDS } from "@/lib/core/incidents/failures";
import { paths } from "@/lib/core/shared/paths";
import { canKeepIncidents, canResume } from "@/lib/core/workspaces/permission";
import { showIncident } from "@/lib/services/incidents/show-incident";
import { listDuties } from "@/lib/services/people/show-people";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { resumeStopAction } from "../../stops-actions";
import { resolveIncidentAction } from "../actions";

export const metadata: Metadata = { title: "Incident" };

const TOPICS = ["incident.resolve", "stop.consent", "stop.resume"];

export default async function IncidentPage({ params }: PageProps<"/incidents/[incidentId]">) {
  const [{ ctx, member }, { incidentId }] = await Promise.all([pageMember(), params]);
  const [incident, duties] = await Promise.all([orNotFound(showIncident(ctx, incidentId)), listDuties(ctx)]);
  const permission = canKeepIncidents(member.roles) ? {} : { disabledReason: "This needs an operator." };
  const person = { id: member.memberId, mayResume: canResume(member.roles) };

  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader
        crumbs={[{ label: "Incidents", href: paths.incidents() }]}
        title={<VisibleText text={incident.title} />}
        meta={
          <>
            <IncidentStateMark state={incident.state} />
            <span>{FAILURE_WORDS[incident.class].name}</span>
          </>
        }
        actions={
          incident.state === "open" && (
            <ResolveButton incidentId={incident.id} action={resolveIncidentAction} {...permission} />
          )
        }
      />
      {incident.stop && (
        <Section title="Halted until two people consent">
          <TwoPeopleNotice duties={duties} only="resume" />
          <RunStopList stops={[incident.stop]} resume={resumeStopAction} person={person} ofOneIncident />
          <p className="text-xs text-muted">
            May consent: {incident.resumers.map(({ name }) => name).join(", ") || "nobody"}.
          </p>
        </Section>
      )}
      <IncidentFacts incident={incident} />
    </>
  );
}
