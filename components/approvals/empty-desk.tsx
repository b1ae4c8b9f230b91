import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import type { Desk } from "@/lib/core/approvals/desk";
import type { DeskQuery } from "@/lib/core/approvals/schema";
import { counted } from "@/lib/core/approvals/part";
import { paths } from "@/lib/core/shared/paths";

/** What an empty lane says: why it is empty, what fills it, what to look at instead. */
export function EmptyDesk({ desk, query }: { desk: Desk; query: DeskQuery }) {
  const elsewhere = desk.lanes.critical + desk.lanes.high + desk.lanes.elevated + desk.lanes.low;
  if (query.state === "waiting" && query.band !== undefined && elsewhere > 0) {
    return (
      <EmptyState
        title="Nothing waits in this band"
        actions={<ButtonLink href={paths.desk()}>Show all {elsewhere} waiting</ButtonLink>}
      >
        <p>Other actions wait for you.</p>
      </EmptyState>
    );
  }
  if (query.state === "others") {
    return (
      <EmptyState
        title="Nothing waits on others"
        actions={<ButtonLink href={paths.desk()}>Back to what waits for me</ButtonLink>}
      >
        <p>
          Here stand actions that you have answered and that need another person, and those of agents you are
          responsible for.
        </p>
      </EmptyState>
    );
  }
  const { halted, unknown } = desk.tasks;
  if (halted + unknown > 0) {
    return (
      <EmptyState
        title="No action waits for you"
        actions={
          <>
            {halted > 0 && (
              <ButtonLink href={paths.desk({ state: "halted" })}>{counted(halted, "halted run")}</ButtonLink>
            )}
            {unknown > 0 && (
              <ButtonLink href={paths.desk({ state: "unknown" })}>
                {counted(unknown, "call")} that may have run
              </ButtonLink>
            )}
          </>
        }
      >
        <p>Something else still needs people.</p>
      </EmptyState>
    );
  }
  return <QuietDesk desk={desk} />;
}

/** Nothing waits anywhere: what was decided meanwhile, and what would bring an action here. */
function QuietDesk({ desk }: { desk: Desk }) {
  const { allowed, refused } = desk.today;
  const quiet = allowed + refused === 0;
  return (
    <EmptyState
      title="Nothing needs you"
      actions={
        <>
          {allowed > 0 && (
            <ButtonLink href={paths.auditSample()} variant="primary">
              Look at 5
            </ButtonLink>
          )}
          <ButtonLink href={paths.decisions({ verdict: "allow" })}>Look at what was allowed</ButtonLink>
          <ButtonLink href={paths.decisions({ verdict: "deny" })}>Look at what was denied</ButtonLink>
          <ButtonLink href={paths.desk({ state: "history" })}>History</ButtonLink>
          {quiet && <ButtonLink href={paths.newAgent()}>Register an agent</ButtonLink>}
        </>
      }
    >
      <p>
        {quiet
          ? "No agent has asked for anything in the last 24 hours."
          : `In the last 24 hours ${counted(allowed, "call")} ran under rules and ${refused.toLocaleString("en-US")} ${refused === 1 ? "was" : "were"} denied.`}
      </p>
      <p>
        An action appears here within a second when an agent proposes a call that a manifest lets people decide:
        anything irreversible, and whatever has <code>requires_approval: true</code>. This page shows it without being
        reloaded.
      </p>
      {desk.lanes.others > 0 && (
        <p>{counted(desk.lanes.others, "action")} wait on others: answered by you, or of your own agents.</p>
      )}
    </EmptyState>
  );
}
