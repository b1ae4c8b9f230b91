import { RefreshOn } from "@/components/layout/refresh-on";
import { AlertQualityLine } from "@/components/signals/alert-quality";
import { AlertTable } from "@/components/signals/alert-table";
import { NoSignals } from "@/components/signals/no-signals";
import { RuleTable } from "@/components/signals/rule-table";
import { SignalFilterForm } from "@/components/signals/signal-filter";
import { SignalRows } from "@/components/signals/signal-rows";
import { SpanSwitch } from "@/components/signals/span-switch";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { Section } from "@/components/ui/section";
import { SignalsQuery } from "@/lib/core/alerts/schema";
import type { Signal } from "@/lib/core/alerts/signals";
import { SIGNAL_SPANS } from "@/lib/core/alerts/view";
import { paths } from "@/lib/core/shared/paths";
import { canChangeAlertRules } from "@/lib/core/workspaces/permission";
import { listAgents } from "@/lib/services/agents/list-agents";
import { listAlerts } from "@/lib/services/alerts/list-alerts";
import { listRules } from "@/lib/services/alerts/list-rules";
import { showSignals } from "@/lib/services/alerts/show-signals";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { changeRuleAction } from "./actions";

export const metadata = { title: "Signals" };

const TOPICS = [
  "alert.pend",
  "alert.lapse",
  "alert.fire",
  "alert.acknowledge",
  "alert.silence",
  "alert.resolve",
  "alert.dismiss",
];
const FOUR: readonly Signal[] = ["retries", "tokens", "tool_errors", "latency"];

export default async function SignalsPage({ searchParams }: PageProps<"/signals">) {
  const { ctx, member } = await pageMember();
  const filter = SignalsQuery.parse(await searchParams);
  const [shown, alerts, rules, agents] = await Promise.all([
    orNotFound(showSignals(ctx, filter)),
    listAlerts(ctx, filter),
    listRules(ctx),
    listAgents(ctx, { limit: 200 }),
  ]);
  const query = {
    ...(filter.state && { state: filter.state }),
    ...(filter.agent && { agent: filter.agent }),
    ...(filter.from !== "now-24h" && { from: filter.from }),
  };
  const four = FOUR.flatMap((name) => shown.signals.filter(({ signal }) => signal === name));
  const others = shown.signals.filter(({ signal }) => !FOUR.includes(signal));
  const isEmpty =
    shown.unwatched !== null ||
    shown.signals.every(({ days, points }) => days === 0 && points.every(({ n }) => n === 0));
  const permission = canChangeAlertRules(member.roles) ? {} : { disabledReason: "This needs a policy administrator." };

  return (
    <>
      {!filter.cursor && <RefreshOn topics={TOPICS} />}
      <PageHeader
        title="Signals"
        meta={
          <>
            {shown.unwatched === null && (
              <span>{shown.agents === 1 ? "1 active agent" : `${shown.agents} active agents`}</span>
            )}
            <span>Usual = the same hours of the past 6 weeks, 5th to 95th percentile</span>
          </>
        }
      />
      <SignalFilterForm filter={filter} agents={agents.items.map((item) => item.id)} />
      <Section title="Alerts" aside="Told to the agent’s owners and to who is on call">
        {alerts.items.length > 0 ? (
          <AlertTable alerts={alerts.items} />
        ) : (
          <NoAlerts filtered={filter.state !== undefined} />
        )}
        <Pager
          {...(alerts.next && { nextHref: paths.signals({ ...query, cursor: alerts.next }) })}
          {...(filter.cursor && { firstHref: paths.signals(query) })}
        />
      </Section>
      {isEmpty ? (
        <NoSignals unwatched={shown.unwatched} isNoneActive={shown.agents === 0 && agents.items.length > 0} />
      ) : (
        <>
          <Section title="Four signals" aside={<SpanSwitch span={filter.from} query={query} />}>
            <SignalRows signals={four} agent={filter.agent} span={filter.from} />
          </Section>
          <Section title="Other signals" aside={`${SIGNAL_SPANS[filter.from].words}, UTC`}>
            <SignalRows signals={others} agent={filter.agent} span={filter.from} />
          </Section>
        </>
      )}
      <Section title="Alert quality" aside={`Last ${shown.quality.days} days`}>
        <AlertQualityLine quality={shown.quality} />
      </Section>
      <Section title="Rules" id="rules">
        <RuleTable rules={rules} change={changeRuleAction} {...permission} />
      </Section>
    </>
  );
}

function NoAlerts({ filtered }: { filtered: boolean }) {
  return (
    <EmptyState
      title={filtered ? "No alert matches" : "No alerts"}
      actions={filtered && <ButtonLink href={paths.signals()}>Show all alerts</ButtonLink>}
    >
      <p>
        A rule fires when a signal of an agent leaves its usual and stays there. Learning what is usual for an agent
        takes 21 days of its telemetry; daily caps are watched from the first minute.
      </p>
    </EmptyState>
  );
}
