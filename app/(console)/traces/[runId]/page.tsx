import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";

import { ButtonLink } from "@/components/ui/button-link";
import { Chip } from "@/components/ui/chip";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { VisibleText } from "@/components/ui/visible-text";
import { RunFacts } from "@/components/traces/run-facts";
import { RunStateMark } from "@/components/traces/run-state";
import { StepList } from "@/components/traces/step-list";
import { paths } from "@/lib/core/shared/paths";
import { showRun } from "@/lib/services/traces/show-run";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageContext } from "@/lib/web/session";

export const metadata: Metadata = { title: "Run" };

const Query = z.object({ after: z.coerce.number().int().min(0).catch(0) });

export default async function RunPage({ params, searchParams }: PageProps<"/traces/[runId]">) {
  const [ctx, { runId }, query] = await Promise.all([pageContext(), params, searchParams]);
  const { after } = Query.parse(query);
  const run = await orNotFound(showRun(ctx, runId, after));
  const here = paths.run(run.id);

  return (
    <>
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
      />
      <RunFacts run={run} />
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
