import { RowLink } from "@/components/ui/row-link";
import { BandMark } from "@/components/ui/band-mark";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { PendingApproval } from "@/lib/core/agents/item";
import { paths } from "@/lib/core/shared/paths";

/** What of this agent waits for people, the most urgent first. */
export function PendingList({ approvals }: { approvals: readonly PendingApproval[] }) {
  if (approvals.length === 0) return <p className="text-muted">Nothing of this agent waits for a person.</p>;
  return (
    <ul aria-label="Waiting for people" className="divide-y divide-hair border-y border-hair bg-surface">
      {approvals.map((approval) => (
        <li key={approval.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1.5">
          <RowLink href={paths.approval(approval.id)} className="font-mono">
            <VisibleText text={approval.tool} />
          </RowLink>
          <BandMark band={approval.band} score={approval.score} quiet />
          <span className="text-muted">
            due <Time at={approval.expires_at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
