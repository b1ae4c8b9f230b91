import type { ReactNode } from "react";

import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { ApprovalDetail } from "@/lib/core/approvals/desk";
import { headlineText } from "@/lib/core/approvals/headline-text";
import { paths } from "@/lib/core/shared/paths";

/** Why a request is no longer what would run: the agent asked again with another effect, or its terms changed. */
export function SupersededWords({ detail, settled }: { detail: ApprovalDetail; settled: ReactNode }) {
  const { successor } = detail.asking;
  if (successor === null) {
    return (
      <span>{settled}. Manifest or tool changed, so this is no longer what would run. The agent has to ask again.</span>
    );
  }
  const [before, after] = [headlineText(detail.display.headline), headlineText(successor.headline)];
  return (
    <span className="min-w-0 break-words">
      {settled}. Changed since it was asked:{" "}
      {before === after ? (
        "the agent made another dry run"
      ) : (
        <>
          <VisibleText text={before} /> → <VisibleText text={after} />
        </>
      )}
      .{" "}
      <Link href={paths.approval(successor.id)} className="link">
        Review what it asks now
      </Link>
    </span>
  );
}

/** What an approved request says while it has not run. */
export function ApprovedWords({ detail, settled }: { detail: ApprovalDetail; settled: ReactNode }) {
  const { baseMovedAt, expiresAt } = detail.approval;
  if (baseMovedAt !== null) {
    return (
      <span>
        {settled}. <b>Approved, not executed: base moved.</b> The data had changed when the agent came to run it{" "}
        <Time at={baseMovedAt} />. It has to make a new dry run and ask again.
      </span>
    );
  }
  return (
    <span>
      {settled}. Not started: the agent may run it once, exactly as shown, until <Time at={expiresAt} mode="date" />.
    </span>
  );
}
