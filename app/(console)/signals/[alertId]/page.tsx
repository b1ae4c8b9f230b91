import type { Metadata } from "next";

import { RefreshOn } from "@/components/layout/refresh-on";
import { OneClick } from "@/components/signals/alert-actions";
import { AlertFacts } from "@/components/signals/alert-facts";
import { AlertStateMark } from "@/components/signals/alert-state";
import { AlertTable } from "@/components/signals/alert-table";
import { ReasonButton } from "@/components/signals/reason-button";
import { StopButton } from "@/components/stops/stop-button";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { VisibleText } from "@/components/ui/visible-text";
import { canRestrain } from "@/lib/core/agents/permission";
import { paths } from "@/lib/core/shared/paths";
import { canKeepAlerts, canStop } from "@/lib/core/workspaces/permission";
import { showAgent } from "@/lib/services/agents/show-agent";
import { showAlert } from "@/lib/services/alerts/show-alert";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { setLevelAction } from "../../agents/actions";
import { requestStopAction } from "../../stops-actions";
import { acknowledgeAlertAction, dismissAlertAction, silenceAlertAction } from "../actions";

export const metadata: Metadata = { title: "Alert" };

const TOPICS = [
  "alert.fire",
  "alert.acknowledge",
  "alert.silence",
  "alert.resolve",
  "alert.dismiss",
  "agent.level",
  "stop.request",
];

export default async function AlertPage({ params }: PageProps<"/signals/[alertId]">) {
  const [{ ctx, member }, { alertId }] = await Promise.all([pageMember(), params]);
  const alert = await orNotFound(showAlert(ctx, alertId));
  const agent = await orNotFound(showAgent(ctx, alert.agent));
  const operator = canKeepAlerts(member.roles) ? {} : { disabledReason: "This needs an operator." };
  const mayLower = canRestrain({ id: member.memberId, roles: member.roles }, agent.dri.id);
  const isOpen = alert.state !== "resolved" && alert.state !== "pending";

  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader
        crumbs={[{ label: "Signals", href: paths.signals() }]}
        title={<VisibleText text={alert.words.title} />}
        meta={<AlertStateMark state={alert.state} />}
      />
      <Section title="What next">
        <ul className="list-disc ps-5">
          {alert.words.next.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
        <div className="flex flex-wrap items-start gap-2">
          {isOpen && alert.state !== "acknowledged" && (
            <OneClick
              fields={{ id: alert.id }}
              action={acknowledgeAlertAction}
              label="Acknowledge"
              busy="Recording…"
              variant="primary"
              {...operator}
            />
          )}
          {agent.status === "active" && (
            <StopButton
              target={{ scope: "agent", id: agent.id }}
              action={requestStopAction}
              permitted={canStop(member.roles)}
              label="Stop agent…"
            />
          )}
          {agent.level > 1 && (
            <OneClick
              fields={{ agent: agent.id, level: String(agent.level - 1), reason: "" }}
              action={setLevelAction}
              label={`Lower to level ${agent.level - 1}`}
              busy="Lowering…"
              {...(!mayLower && {
                disabledReason: "This needs the agent’s DRI, an operator or a policy administrator.",
              })}
            />
          )}
          <ButtonLink href={paths.newIncident({ agent: agent.id })}>Open incident</ButtonLink>
          {isOpen && <ReasonButton alertId={alert.id} kind="silence" action={silenceAlertAction} {...operator} />}
          {isOpen && <ReasonButton alertId={alert.id} kind="dismiss" action={dismissAlertAction} {...operator} />}
        </div>
        {alert.state === "pending" && (
          <p className="text-muted">It has not lasted long enough to tell anybody. It fires or goes by itself.</p>
        )}
      </Section>
      <Section title="What happened">
        <AlertFacts alert={alert} words={alert.words} replayed={alert.replayed} />
      </Section>
      {alert.group.length > 0 && (
        <Section title="Of the same cause">
          <AlertTable alerts={alert.group} />
        </Section>
      )}
    </>
  );
}
