"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import type { ApprovalDetail } from "@/lib/core/approvals/desk";
import { askedText } from "@/lib/core/approvals/flood-text";
import type { FormAction } from "@/lib/core/shared/action-state";

// Named one by one: what a browser's component is given is sent to the browser, and a whole detail is a whole effect.
type AskingNotesProps = {
  approval: Pick<ApprovalDetail["approval"], "id" | "state" | "baseDigest" | "baseMovedAt" | "rerunRequestedAt">;
  lately: ApprovalDetail["asking"]["lately"];
  rerun: FormAction;
};

/** How often much the same was asked lately, and on what data the dry run was made, with the way to have it made anew. */
export function AskingNotes({ approval, lately, rerun }: AskingNotesProps) {
  const often = approval.state === "waiting" ? askedText(lately) : null;
  const canRerun = approval.state === "waiting" || (approval.state === "approved" && approval.baseMovedAt !== null);
  const base = canRerun ? approval.baseDigest : null;
  if (often === null && base === null) return null;
  return (
    <div className="grid gap-2 border-b border-hair py-3">
      {often !== null && <Alert tone={lately.denied > 0 ? "warn" : "info"}>{often}</Alert>}
      {base !== null && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <p className="min-w-0 text-muted">
            Dry run made on{" "}
            <Mono>
              <VisibleText text={base.slice(0, 24)} />
              {base.length > 24 && "…"}
            </Mono>
            . On other data the call is refused.
          </p>
          <Rerun approvalId={approval.id} requestedAt={approval.rerunRequestedAt} rerun={rerun} />
        </div>
      )}
    </div>
  );
}

type RerunProps = { approvalId: string; requestedAt: Date | null; rerun: FormAction };

function Rerun({ approvalId, requestedAt, rerun }: RerunProps) {
  const { state, pending, form } = useFormAction(rerun);
  return (
    <form {...form} className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="approval_id" value={approvalId} />
      <Button type="submit" size="sm" aria-busy={pending}>
        {pending ? "Recording…" : "Run again"}
      </Button>
      <span role="status" className="text-xs text-muted">
        {state.status === "refused" && state.message}
        {state.status !== "refused" && requestedAt !== null && (
          <>
            The agent was asked to run it again <Time at={requestedAt} />. What it finds takes the place of this.
          </>
        )}
      </span>
    </form>
  );
}
