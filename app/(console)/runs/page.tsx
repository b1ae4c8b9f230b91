import { RefreshOn } from "@/components/layout/refresh-on";
import { RunFilterForm } from "@/components/runs/run-filter";
import { RunTable } from "@/components/runs/run-table";
import { UndecidedTraces } from "@/components/runs/undecided-traces";
import { Alert } from "@/components/ui/alert";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { rangeWords } from "@/lib/core/charts/time-words";
import { runQuery, runRange } from "@/lib/core/runs/filter";
import { RunFilter } from "@/lib/core/runs/schema";
import { paths } from "@/lib/core/shared/paths";
import { listAgents } from "@/lib/services/agents/list-agents";
import { listRuns } from "@/lib/services/runs/list-runs";
import { listUndecided } from "@/lib/services/runs/list-undecided";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Runs" };

export default async function RunsPage({ searchParams }: PageProps<"/runs">) {
  const ctx = await pageContext();
  const filter = RunFilter.parse(await searchParams);
  const range = runRange(filter, ctx.now);
  const query = runQuery(filter);
  const filtered = Object.keys(query).length > 0;
  const [runs, agents] = await Promise.all([listRuns(ctx, filter), listAgents(ctx, { limit: 200 })]);
  // What telemetry alone tells has no state. It is listed where something was asked for, and where there is nothing else.
  const withTraces = !filter.cursor && !filter.state && (filtered || runs.items.length === 0);
  const undecided = withTraces ? await listUndecided(ctx, filter) : [];

  return (
    <>
      {!filter.cursor && <RefreshOn topics={["decision.made", "run.halted"]} everyMs={3_000} />}
      <PageHeader
        title="Runs"
        meta="One run is one execution inside a session: the calls an agent proposed, in order."
        actions={<ButtonLink href={paths.findTelemetry()}>Find telemetry</ButtonLink>}
      />
      {range?.notice && <Alert tone="warn" title={range.notice} />}
      <RunFilterForm
        filter={filter}
        agents={agents.items.map((item) => item.id)}
        range={range && `${rangeWords(range, range.zone, ctx.now)} (${range.zone})`}
      />
      {runs.items.length > 0 && <RunTable runs={runs.items} />}
      {runs.items.length === 0 && filtered && (
        <EmptyState
          title={undecided.length > 0 ? "No run with a decided call matches" : "No run matches"}
          actions={<ButtonLink href={paths.runs()}>Show all runs</ButtonLink>}
        >
          <p>Session, model and tool are matched exactly, as the agent named them.</p>
          {filter.state && <p>Only runs with a decided call have a state. Telemetry without one is left out here.</p>}
        </EmptyState>
      )}
      {runs.items.length === 0 && !filtered && (
        <EmptyState
          title={undecided.length > 0 ? "No run with a decided call yet" : "No runs yet"}
          actions={<ButtonLink href={paths.newAgent()}>Register an agent</ButtonLink>}
        >
          <p>
            A run appears with the first call an agent sends to <code>POST /api/v1/decisions</code>, whatever the
            verdict. The agent chooses the names of session and run.
          </p>
        </EmptyState>
      )}
      <Pager
        {...(runs.next && { nextHref: paths.runs({ ...query, cursor: runs.next }) })}
        {...(filter.cursor && { firstHref: paths.runs(query) })}
      />
      {undecided.length > 0 && <UndecidedTraces traces={undecided} />}
    </>
  );
}
