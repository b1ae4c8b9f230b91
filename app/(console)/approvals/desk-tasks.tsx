import { DeskTask } from "@/components/approvals/desk-task";
import { UnknownList } from "@/components/decisions/unknown-list";
import { RunStopList } from "@/components/stops/run-stop-list";
import { canAnswerExecutions, canResume } from "@/lib/core/workspaces/permission";
import type { MemberActor, ServiceContext } from "@/lib/services/context";
import { listUnknown } from "@/lib/services/outcomes/list-unknown";
import { listRunStops } from "@/lib/services/stops/list-run-stops";

import { resumeStopAction } from "../stops-actions";
import { answerExecutionAction } from "./actions";

type TaskProps = { ctx: ServiceContext; member: MemberActor };

/** The lane of halted runs. */
export async function HaltedRuns({ ctx, member }: TaskProps) {
  const { items } = await listRunStops(ctx);
  const person = { id: member.memberId, mayResume: canResume(member.roles) };
  return (
    <DeskTask
      title="Halted runs"
      explains="A run that broke a bound or was stopped goes on only when two people, who do not answer for its agent, consent."
      count={items.length}
      empty="No run is halted"
    >
      <RunStopList stops={items} resume={resumeStopAction} person={person} />
    </DeskTask>
  );
}

/** The lane of calls that may have run. */
export async function UnknownCalls({ ctx, member }: TaskProps) {
  const { items } = await listUnknown(ctx);
  return (
    <DeskTask
      title="Did it run?"
      explains="Allowed calls whose outcome never came, and which cannot be undone or were on their way to their tool. Nobody knows whether they ran until somebody looks."
      count={items.length}
      empty="Nothing is unknown"
    >
      <UnknownList items={items} answer={answerExecutionAction} permitted={canAnswerExecutions(member.roles)} />
    </DeskTask>
  );
}
