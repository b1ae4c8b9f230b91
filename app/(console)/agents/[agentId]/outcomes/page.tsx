import type { Metadata } from "next";

import { BaselineForm } from "@/components/baselines/baseline-form";
import { BaselineImport } from "@/components/baselines/baseline-import";
import { BaselineLine } from "@/components/baselines/baseline-line";
import { OutcomeTable } from "@/components/baselines/outcome-table";
import { RefreshOn } from "@/components/layout/refresh-on";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { canRestrain } from "@/lib/core/agents/permission";
import { counted } from "@/lib/core/approvals/part";
import { paths } from "@/lib/core/shared/paths";
import { showOutcomes } from "@/lib/services/baselines/show-outcomes";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { importBaselineAction, recordBaselineAction, removeBaselineAction } from "./actions";

export async function generateMetadata({ params }: PageProps<"/agents/[agentId]/outcomes">): Promise<Metadata> {
  return { title: `Outcomes of ${decodeURIComponent((await params).agentId)}` };
}

const DAY = "2026-11-30".length;

export default async function OutcomesPage({ params }: PageProps<"/agents/[agentId]/outcomes">) {
  const [{ ctx, member }, { agentId }] = await Promise.all([pageMember(), params]);
  const { agent, dri, from, to, days, runs, lines, baseline } = await orNotFound(
    showOutcomes(ctx, decodeURIComponent(agentId)),
  );
  const may = canRestrain({ id: member.memberId, roles: member.roles }, dri);
  const disabledReason = may ? undefined : "This needs the agent’s DRI, an operator or a policy administrator.";
  const period = `${from.toISOString().slice(0, DAY)} to ${to.toISOString().slice(0, DAY)}, UTC`;
  return (
    <>
      <RefreshOn topics={["baseline.record", "baseline.remove"]} />
      <PageHeader
        crumbs={[
          { label: "Agents", href: paths.agents() },
          { label: agent, href: paths.agent(agent) },
        ]}
        title="Outcomes"
        meta={
          <>
            <span className="font-mono">{agent}</span>
            <span>
              {counted(runs, "finished run")}, {period}
            </span>
          </>
        }
        actions={
          <ButtonLink href={paths.runs({ agent, from: from.toISOString(), to: to.toISOString(), tz: "UTC" })}>
            Runs
          </ButtonLink>
        }
      />
      {baseline === null && <NoBaseline />}
      {runs === 0 ? (
        <EmptyState
          title={`No finished run in the last ${days} days`}
          actions={<ButtonLink href={paths.agent(agent)}>Send telemetry</ButtonLink>}
        >
          <p>Outcomes are counted from the runs that the agent’s telemetry reports as finished.</p>
        </EmptyState>
      ) : (
        <OutcomeTable lines={lines} isRecorded={baseline !== null} about={agent} period={period} />
      )}
      {baseline !== null && (
        <BaselineLine agent={agent} baseline={baseline} remove={removeBaselineAction} disabledReason={disabledReason} />
      )}
      <BaselineForm
        agent={agent}
        record={recordBaselineAction}
        begin={baseline?.baseline ?? null}
        disabledReason={disabledReason}
      />
      <BaselineImport agent={agent} read={importBaselineAction} disabledReason={disabledReason} />
    </>
  );
}

function NoBaseline() {
  return (
    <EmptyState title="No baseline recorded" actions={<ButtonLink href="#baseline">Record a baseline</ButtonLink>}>
      <p>
        A baseline says how people did this work before the agent: how many cases in which period, how long one took,
        what it cost, how many were resolved and how often something went wrong. Take it from the ticket system’s report
        of the last weeks before the agent began.
      </p>
      <p>With it, this page says what changed and whether that could be chance.</p>
    </EmptyState>
  );
}
