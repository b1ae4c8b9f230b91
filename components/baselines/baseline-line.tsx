import { ConfirmButton } from "@/components/settings/confirm-button";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { counted } from "@/lib/core/approvals/part";
import type { StoredBaseline } from "@/lib/core/baselines/schema";
import type { FormAction } from "@/lib/core/shared/action-state";

type BaselineLineProps = {
  agent: string;
  baseline: StoredBaseline;
  remove: FormAction;
  disabledReason: string | undefined;
};

/** What the baseline is of, who recorded it, and its removal. */
export function BaselineLine({ agent, baseline: stored, remove, disabledReason }: BaselineLineProps) {
  const { baseline, created_by, created_at } = stored;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-muted">
      <p>
        The baseline is {counted(baseline.cases, "case")} of {baseline.from} to {baseline.to}, recorded by {created_by},{" "}
        <Time at={created_at} mode="date" />
        {baseline.source !== "" && (
          <>
            , from “<VisibleText text={baseline.source} />”
          </>
        )}
        .
      </p>
      <ConfirmButton
        label="Remove…"
        about="the baseline"
        title={`Remove the baseline of ${agent}`}
        confirm="Remove"
        action={remove}
        fields={{ agent }}
        disabledReason={disabledReason}
      >
        The comparison goes with it. The ledger keeps what was recorded.
      </ConfirmButton>
    </div>
  );
}
