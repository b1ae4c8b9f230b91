import type { Metadata } from "next";
import Link from "next/link";

import { DecisionExplanation } from "@/components/decisions/decision-explanation";
import { RegretSection } from "@/components/decisions/regret-section";
import { Chip } from "@/components/ui/chip";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { VerdictMark, verdictWord } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { mayMarkRegret } from "@/lib/core/decisions/regret";
import { paths } from "@/lib/core/shared/paths";
import { showDecision } from "@/lib/services/decisions/show-decision";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";
import { pageContext } from "@/lib/web/session";

import { markRegretAction } from "./actions";

export async function generateMetadata({ params }: PageProps<"/decisions/[decisionId]">): Promise<Metadata> {
  const [ctx, { decisionId }] = await Promise.all([pageContext(), params]);
  const decision = await orNotFound(showDecision(ctx, decisionId));
  return { title: `${verdictWord(decision.verdict)}: ${decision.tool}` };
}

export default async function DecisionPage({ params }: PageProps<"/decisions/[decisionId]">) {
  const [{ ctx, member }, { decisionId }] = await Promise.all([pageMember(), params]);
  const decision = await orNotFound(showDecision(ctx, decisionId));

  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Runs", href: paths.runs() },
          { label: decision.run, href: paths.run(decision.run_id) },
        ]}
        title={
          <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
            <VerdictMark verdict={decision.verdict} size="lg" />
            <span className="font-mono">
              <VisibleText text={decision.tool} />
            </span>
          </span>
        }
        meta={
          <>
            <Link href={paths.agent(decision.agent)} className="link">
              {decision.agent}
            </Link>
            <span>{decision.environment}</span>
            <span>level {decision.level}</span>
            <span>step {decision.step}</span>
            <Time at={decision.at} />
            {decision.demo && <Chip tone="demo">demo</Chip>}
          </>
        }
      />
      <DecisionExplanation decision={decision} />
      <RegretSection decision={decision} mark={markRegretAction} permitted={mayMarkRegret(member.roles)} />
    </>
  );
}
