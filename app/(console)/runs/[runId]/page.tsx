import type { Metadata } from "next";
import Link from "next/link";

import { ClippedText } from "@/components/approvals/clipped-text";
import { RefreshOn } from "@/components/layout/refresh-on";
import { RunStopList } from "@/components/stops/run-stop-list";
import { StopButton } from "@/components/stops/stop-button";
import { CopyIssueButton } from "@/components/runs/copy-issue-button";
import { RunFacts } from "@/components/runs/run-facts";
import { RunStateMark } from "@/components/runs/run-state";
import { StoryFiguresList } from "@/components/runs/story-figures";
import { StorySummary } from "@/components/runs/story-summary";
import { StoryTimeline } from "@/components/runs/story-timeline";
import { buttonClass } from "@/components/ui/button-class";
import { ButtonLink } from "@/components/ui/button-link";
import { Chip } from "@/components/ui/chip";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { clip } from "@/lib/core/approvals/part";
import { paths } from "@/lib/core/shared/paths";
import { RunQuery } from "@/lib/core/runs/schema";
import { MOST_NAME } from "@/lib/core/runs/words";
import { canResume, canStop } from "@/lib/core/workspaces/permission";
import { listRunStops } from "@/lib/services/stops/list-run-stops";
import { showRunStory } from "@/lib/services/runs/show-run-story";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { requestStopAction, resumeStopAction } from "../../stops-actions";

export const metadata: Metadata = { title: "Run" };

const TOPICS = [
  "decision.made",
  "outcome.reported",
  "run.halted",
  "run.ended",
  "approval.vote",
  "approval.settled",
  "stop.request",
  "stop.consent",
  "stop.resume",
];

export default async function RunPage({ params, searchParams }: PageProps<"/runs/[runId]">) {
  const [{ ctx, member }, { runId }, query] = await Promise.all([pageMember(), params, searchParams]);
  const narrowed = RunQuery.parse(query);
  const run = await orNotFound(showRunStory(ctx, runId, narrowed));
  const halts = run.state === "halted" ? await listRunStops(ctx, { run: run.id }) : { items: [] };
  const { page } = run;

  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader
        crumbs={[{ label: "Runs", href: paths.runs() }]}
        title={
          <>
            Run <ClippedText value={clip(run.run, MOST_NAME)} />
          </>
        }
        meta={
          <>
            <RunStateMark run={run} />
            <Link href={paths.agent(run.agent)} className="link">
              {run.agent}
            </Link>
            <span>{run.environment}</span>
            {run.demo && <Chip tone="demo">demo</Chip>}
          </>
        }
        actions={
          <>
            <a href={paths.runStory(run.id)} download className={buttonClass("plain", "md")}>
              Save as file
            </a>
            <CopyIssueButton text={run.issue} />
            <ButtonLink href={paths.newIncident({ agent: run.agent, run: run.id })}>Open an incident</ButtonLink>
            {run.state !== "halted" && (
              <StopButton
                target={{ scope: "run", id: run.id, label: run.run }}
                action={requestStopAction}
                permitted={canStop(member.roles)}
                label="Stop this run…"
              />
            )}
          </>
        }
      />
      <StorySummary run={run} said={run.said} ungoverned={run.figures.ungoverned} />
      <StoryFiguresList figures={run.figures} />
      {halts.items.length > 0 && (
        <RunStopList
          stops={halts.items}
          resume={resumeStopAction}
          person={{ id: member.memberId, mayResume: canResume(member.roles) }}
        />
      )}
      <StoryTimeline path={paths.run} id={run.id} page={page} narrowed={narrowed} isCut={run.isCut} />
      <Section
        title="This run"
        aside={run.producers.length > 0 ? `fed by ${run.producers.join(", ")}` : "no telemetry has arrived"}
      >
        <RunFacts run={run} />
      </Section>
    </>
  );
}
