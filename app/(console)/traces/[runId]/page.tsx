import type { Metadata } from "next";
import Link from "next/link";

import { RefreshOn } from "@/components/layout/refresh-on";
import { RunStopList } from "@/components/stops/run-stop-list";
import { StopButton } from "@/components/stops/stop-button";
import { RunFacts } from "@/components/traces/run-facts";
import { RunStateMark } from "@/components/traces/run-state";
import { StepList } from "@/components/traces/step-list";
import { ButtonLink } from "@/components/ui/button-link";
import { Chip } from "@/components/ui/chip";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";
import { RunQuery } from "@/lib/core/traces/schema";
import { canResume, canStop } from "@/lib/core/workspaces/permission";
import { listRunStops } from "@/lib/services/stops/list-run-stops";
import { showRun } from "@/lib/services/traces/show-run";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { requestStopAction, resumeStopAction } from "../../stops-actions";

export const metadata: Metadata = { title: "Run" };

const TOPICS = [
  "decision.made",
  "outcome.reported",
  "run.halted",
  "approval.vote",
  "approval.settled",
  "stop.request",
  "stop.consent",
  "stop.resume",
];

export default async function RunPage({ params, searchParams }: PageProps<"/traces/[runId]">) {
  const [{ ctx, member }, { runId }, query] = await Promise.all([pageMember(), params, searchParams]);
  const { after } = RunQuery.parse(query);
  const run = await orNotFound(showRun(ctx, runId, after));
  const halts = run.state === "halted" ? await listRunStops(ctx, { run: run.id }) : { items: [] };
  const here = paths.run(run.id);

  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader
        crumbs={[{ label: "Runs", href: paths.runs() }]}
        title={
          <>
            Run <VisibleText text={run.run} />
          </>
        }
        meta={
          <>
            <RunStateMark state={run.state} />
            <Link href={paths.agent(run.agent)} className="link">
              {run.agent}
            </Link>
            <span>{run.environment}</span>
            {run.demo && <Chip tone="demo">demo</Chip>}
          </>
        }
        actions={
          <>
            <ButtonLink href={paths.newIncident({ agent: run.agent, run: run.id })}>Open an incident</ButtonLink>
            {run.state === "running" && (
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
      <RunFacts run={run} />
      {halts.items.length > 0 && (
        <RunStopList
          stops={halts.items}
          resume={resumeStopAction}
          person={{ id: member.memberId, mayResume: canResume(member.roles) }}
        />
      )}
      <Section title="Steps" aside={after > 0 ? `after step ${after}` : undefined}>
        <StepList steps={run.decisions} />
        <div className="flex gap-2">
          {after > 0 && <ButtonLink href={here}>First steps</ButtonLink>}
          {run.next !== null && <ButtonLink href={`${here}?after=${run.next}`}>More steps</ButtonLink>}
        </div>
      </Section>
    </>
  );
}
