import { DeskTask } from "@/components/approvals/desk-task";
import { UnknownList } from "@/components/decisions/unknown-list";
import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { RunStopList } from "@/components/stops/run-stop-list";
import { canAnswerExecutions, canResume } from "@/lib/core/workspaces/permission";
import type { MemberActor, ServiceContext } from "@/lib/services/context";
import { listUnknown } from "@/lib/services/outcomes/list-unknown";
import { listDuties } from "@/lib/services/people/show-people";
import { listRunStops } from "@/lib/services/stops/list-run-stops";

import { resumeStopAction } from "../stops-actions";
import { answerExecutionAction } from "./actions";

type TaskProps = { ctx: ServiceContext; member: MemberActor };

/** The lane of halted runs. */
export async function HaltedRuns({ ctx, member }: TaskProps) {
  const [{ items }, duties] = await Promise.all([listRunStops(ctx), listDuties(ctx)]);
  const person = { id: member.memberId, mayResume: canResume(member.roles) };
  return (
    <DeskTask
      title="Halted runs"
      explains="A run that broke a bound or was stopped goes on only when two independent people, who do not answer for its agent, consent."
      count={items.length}
      empty="No run is halted"
    >
      <TwoPeopleNotice duties={duties} only="resume" />
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
