import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { ClippedText } from "@/components/approvals/clipped-text";
import { RefreshOn } from "@/components/layout/refresh-on";
import { StoryFiguresList } from "@/components/runs/story-figures";
import { StorySummary } from "@/components/runs/story-summary";
import { StoryTimeline } from "@/components/runs/story-timeline";
import { ButtonLink } from "@/components/ui/button-link";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { clip } from "@/lib/core/approvals/part";
import { RunQuery } from "@/lib/core/runs/schema";
import { MOST_NAME } from "@/lib/core/runs/words";
import { paths } from "@/lib/core/shared/paths";
import { showTraceStory } from "@/lib/services/runs/show-trace-story";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageContext } from "@/lib/web/session";

export const metadata: Metadata = { title: "Trace" };

const TOPICS = ["telemetry.arrived", "decision.made"];

export default async function TracePage({ params, searchParams }: PageProps<"/runs/traces/[traceId]">) {
  const [ctx, { traceId }, query] = await Promise.all([pageContext(), params, searchParams]);
  const narrowed = RunQuery.parse(query);
  const trace = await orNotFound(showTraceStory(ctx, traceId, narrowed));
  if (trace.runId !== null) redirect(paths.run(trace.runId));

  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader
        crumbs={[{ label: "Runs", href: paths.runs() }]}
        title={
          trace.run === null ? (
            <>
              Trace <span className="font-mono">{traceId.slice(0, 12)}…</span>
            </>
          ) : (
            <>
              Run <ClippedText value={clip(trace.run, MOST_NAME)} />
            </>
          )
        }
        meta={
          <>
            <span className="font-semibold">No call of it was decided</span>
            <Link href={paths.agent(trace.agent)} className="link">
              {trace.agent}
            </Link>
            <span>
              began <Time at={trace.firstAt} />
            </span>
            <span>{trace.producers.length > 0 && `fed by ${trace.producers.join(", ")}`}</span>
          </>
        }
        actions={
          <>
            <ButtonLink href={paths.findTelemetry(traceId)}>How it arrived</ButtonLink>
            <ButtonLink href={paths.newIncident({ agent: trace.agent })}>Open an incident</ButtonLink>
          </>
        }
      />
      <StorySummary run={{ id: null, agent: trace.agent }} said={trace.said} ungoverned={trace.figures.ungoverned} />
      <StoryFiguresList figures={trace.figures} />
      <StoryTimeline path={paths.trace} id={traceId} page={trace.page} narrowed={narrowed} isCut={false} />
    </>
  );
}
