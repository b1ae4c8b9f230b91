import type { Metadata } from "next";
import { Fragment, type ReactNode } from "react";

import { Panel } from "@/components/charts/panel";
import { PanelSkeleton } from "@/components/charts/panel-skeleton";
import { RefreshOn } from "@/components/layout/refresh-on";
import { UnseenNotice } from "@/components/notifications/unseen-notice";
import { AgentDays } from "@/components/overview/agent-days";
import { ChangedLately } from "@/components/overview/changed-lately";
import { CostToday } from "@/components/overview/cost-today";
import { DayChart } from "@/components/overview/day-chart";
import { GetStarted } from "@/components/overview/get-started";
import { StoppedToday } from "@/components/overview/stopped-today";
import { ViewSwitch } from "@/components/overview/view-switch";
import { WaitingNow } from "@/components/overview/waiting-now";
import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { PageHeader } from "@/components/ui/page-header";
import type { Annotation, SpendPage } from "@/lib/core/figures/spend";
import { OverviewQuery, type OverviewView } from "@/lib/core/workspaces/overview-view";
import { listAlerts } from "@/lib/services/alerts/list-alerts";
import { chooseView } from "@/lib/services/overview/choose-view";
import { listChanges } from "@/lib/services/overview/list-changes";
import { listDuties } from "@/lib/services/people/show-people";
import { showOverview } from "@/lib/services/overview/show-overview";
import { showToday } from "@/lib/services/overview/show-today";
import { PUBLIC_ORIGIN } from "@/lib/web/origin";
import { pageMember } from "@/lib/web/page-member";

export const metadata: Metadata = { title: "Overview" };

const MOST_ALERTS = 4;
const TOPICS = [
  "alert.fire",
  "alert.resolve",
  "alert.acknowledge",
  "alert.silence",
  "alert.dismiss",
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

export default async function OverviewPage({ searchParams }: PageProps<"/overview">) {
  const { ctx, member } = await pageMember();
  const view = await chooseView(ctx, OverviewQuery.parse(await searchParams).view);
  const mine = view === "owner";
  // Read on their own, so that what waits for somebody is there at once.
  const spend = showToday(ctx, mine ? member.memberId : undefined);
  const changes = listChanges(ctx);
  const [overview, duties, alerts] = await Promise.all([
    showOverview(ctx, { mine }),
    listDuties(ctx),
    listAlerts(ctx, { state: "firing", limit: MOST_ALERTS }),
  ]);
  const blocks: Record<Block, ReactNode> = {
    waiting: (
      <WaitingNow
        bands={overview.bands}
        waiting={overview.waiting}
        manifests={overview.pendingManifests}
        incidents={overview.incidents}
        alerts={alerts.items}
        tasks={overview.tasks}
      />
    ),
    stopped: (
      <StoppedToday day={overview.day} hours={overview.hours} rules={overview.rules} runs={overview.haltedRuns} />
    ),
    cost: (
      <Panel title="What it cost" what="The cost of today" skeleton={<PanelSkeleton title="What it cost" rows={6} />}>
        <Cost spend={spend} mine={mine} />
      </Panel>
    ),
    changed: (
      <Panel title="What changed" what="What changed" skeleton={<PanelSkeleton title="What changed" rows={5} />}>
        <Changed changes={changes} />
      </Panel>
    ),
    day: <DayChart day={overview.day} hours={overview.hours} truncated={overview.truncated} />,
    agents: <AgentDays day={overview.day} agents={overview.agentDays} mine={mine} />,
  };

  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader title="Overview" actions={<ViewSwitch view={view} />} />
      <TwoPeopleNotice duties={duties} />
      <UnseenNotice unseen={overview.unseen} />
      {!overview.used && <GetStarted agents={overview.agents} origin={PUBLIC_ORIGIN} />}
      {ARRANGED[view].map((row) =>
        typeof row === "string" ? (
          <Fragment key={row}>{blocks[row]}</Fragment>
        ) : (
          <div key={row[0]} className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            {blocks[row[0]]}
            {blocks[row[1]]}
          </div>
        ),
      )}
    </>
  );
}

async function Cost({ spend, mine }: { spend: Promise<SpendPage>; mine: boolean }) {
  return <CostToday spend={await spend} mine={mine} />;
}

async function Changed({ changes }: { changes: Promise<readonly Annotation[]> }) {
  return <ChangedLately annotations={await changes} />;
}

type Block = "waiting" | "stopped" | "cost" | "changed" | "day" | "agents";

/** What stands where: two side by side, or one alone. What a view is for comes first. */
const ARRANGED: Readonly<Record<OverviewView, readonly (Block | readonly [Block, Block])[]>> = {
  reviewer: [["waiting", "changed"], ["stopped", "cost"], "day", "agents"],
  owner: [["cost", "changed"], "agents", ["waiting", "stopped"], "day"],
  operations: [["stopped", "changed"], "day", "agents", ["waiting", "cost"]],
  finance: [["cost", "changed"], "agents", ["waiting", "stopped"], "day"],
};
