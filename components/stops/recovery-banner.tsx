import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import type { FormAction } from "@/lib/core/shared/action-state";
import type { Stop, WorkspaceStage } from "@/lib/core/workspaces/stop";

import { RecoverButton } from "./recover-button";

type RecoveryBannerProps = {
  workspace: WorkspaceStage;
  /** The stop that was ended last. */
  last: Stop | undefined;
  confirm: FormAction;
  mayResume: boolean;
};

/** Says on every page that the workspace comes back: reads run, the rest waits for a person's confirmation. */
export function RecoveryBanner({ workspace, last, confirm, mayResume }: RecoveryBannerProps) {
  if (workspace.stage !== "reads_only") return null;
  const people = last?.consents.map((consent) => consent.name).join(" and ");
  return (
    <section aria-label="This workspace is recovering" className="border-b-2 border-ask bg-surface px-4 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <VerdictMark verdict="waiting" />
        <p className="font-semibold">This workspace comes back from a stop. Only tools that read may run.</p>
        <RecoverButton action={confirm} {...(!mayResume && { disabledReason: "Only an operator can confirm." })} />
      </div>
      <ol className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
        <li>
          1. Resumed by {people || "two people"} <Time at={workspace.since} />
        </li>
        <li className="text-muted">2. Confirmed: not yet</li>
      </ol>
    </section>
  );
}
