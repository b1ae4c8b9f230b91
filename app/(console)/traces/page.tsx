import { RefreshOn } from "@/components/layout/refresh-on";
import { RunFilterForm } from "@/components/traces/run-filter";
import { RunTable } from "@/components/traces/run-table";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { paths } from "@/lib/core/shared/paths";
import { RunFilter } from "@/lib/core/traces/schema";
import { listAgents } from "@/lib/services/agents/list-agents";
import { listRuns } from "@/lib/services/traces/list-runs";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Runs" };

export default async function RunsPage({ searchParams }: PageProps<"/traces">) {
  const ctx = await pageContext();
  const filter = RunFilter.parse(await searchParams);
  const [runs, agents] = await Promise.all([listRuns(ctx, filter), listAgents(ctx, { limit: 200 })]);
  const { agent, session, state } = filter;
  const query = { ...(agent && { agent }), ...(session && { session }), ...(state && { state }) };
  const filtered = Object.keys(query).length > 0;

  return (
    <>
      {!filter.cursor && <RefreshOn topics={["decision.made", "run.halted"]} everyMs={3_000} />}
      <PageHeader
        title="Runs"
        meta="One run is one execution inside a session: the calls an agent proposed, in order."
      />
      <RunFilterForm filter={filter} agents={agents.items.map((item) => item.id)} />
      {runs.items.length > 0 && <RunTable runs={runs.items} />}
      {runs.items.length === 0 && filtered && (
        <EmptyState title="No run matches" actions={<ButtonLink href={paths.runs()}>Show all runs</ButtonLink>}>
          <p>The session is matched exactly, as the agent named it.</p>
        </EmptyState>
      )}
      {runs.items.length === 0 && !filtered && (
        <EmptyState title="No runs yet" actions={<ButtonLink href={paths.newAgent()}>Register an agent</ButtonLink>}>
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
    </>
  );
}
