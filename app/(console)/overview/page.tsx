import type { Metadata } from "next";

import { RefreshOn } from "@/components/layout/refresh-on";
import { UnseenNotice } from "@/components/notifications/unseen-notice";
import { AgentDays } from "@/components/overview/agent-days";
import { DayChart } from "@/components/overview/day-chart";
import { GetStarted } from "@/components/overview/get-started";
import { StoppedToday } from "@/components/overview/stopped-today";
import { WaitingNow } from "@/components/overview/waiting-now";
import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { PageHeader } from "@/components/ui/page-header";
import { listDuties } from "@/lib/services/people/show-people";
import { showOverview } from "@/lib/services/overview/show-overview";
import { PUBLIC_ORIGIN } from "@/lib/web/origin";
import { pageContext } from "@/lib/web/session";

export const metadata: Metadata = { title: "Overview" };

const TOPICS = [
  "decision.made",
  "approval.waiting",
  "approval.vote",
  "approval.settled",
  "approval.unseen",
  "run.halted",
  "stop.request",
  "stop.resume",
  "incident.open",
  "incident.opened",
  "incident.resolve",
  "execution.sweep",
  "execution.answer",
  "outcome.reported",
  "manifest.publish",
  "member.join",
  "member.confirm",
];

export default async function OverviewPage() {
  const ctx = await pageContext();
  const [overview, duties] = await Promise.all([showOverview(ctx), listDuties(ctx)]);

  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader title="Overview" />
      <TwoPeopleNotice duties={duties} />
      <UnseenNotice unseen={overview.unseen} />
      {!overview.used && <GetStarted agents={overview.agents} origin={PUBLIC_ORIGIN} />}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <WaitingNow
          bands={overview.bands}
          waiting={overview.waiting}
          manifests={overview.pendingManifests}
          incidents={overview.incidents}
          tasks={overview.tasks}
        />
        <StoppedToday day={overview.day} hours={overview.hours} rules={overview.rules} runs={overview.haltedRuns} />
      </div>
      <DayChart day={overview.day} hours={overview.hours} truncated={overview.truncated} />
      <AgentDays day={overview.day} days={overview.agentDays} />
    </>
  );
}
