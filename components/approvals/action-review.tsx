import type { ReactNode } from "react";

import type { StopReceipt } from "@/components/stops/stop-form";
import { StopButton } from "@/components/stops/stop-button";
import { Alert } from "@/components/ui/alert";
import { ButtonLink } from "@/components/ui/button-link";
import { leaseHoldsBack } from "@/lib/core/approvals/batch";
import type { ApprovalDetail, Place } from "@/lib/core/approvals/desk";
import { headlineText } from "@/lib/core/approvals/headline-text";
import { targetOf } from "@/lib/core/decisions/facets";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import { ruleHref } from "@/lib/core/approvals/rule-link";

import { ActionStrip, StoppedBy } from "./action-strip";
import { AskingNotes } from "./asking-notes";
import { DecisionBar } from "./decision-bar";
import { Effect } from "./effect";
import { Evidence } from "./evidence";
import { evidencePanels } from "./evidence-panels";
import { GroupCard } from "./group-card";
import { LeaseNotice } from "./lease-notice";
import { ReviewProvider } from "./review-provider";
import { StateNotice } from "./state-notice";

/** What a screen may do about an action; handed down from the page. */
export type ReviewActions = {
  readonly extend: FormAction<{ readonly expires_at: string }>;
  readonly download: FormAction<string>;
  readonly rerun: FormAction;
  readonly stop: FormAction<StopReceipt>;
  /** Takes back an approval that nothing has used. */
  readonly revoke: FormAction;
  /** Whether this person may stop an agent. */
  readonly mayStop: boolean;
};

type ActionReviewProps = {
  detail: ApprovalDetail;
  actions: ReviewActions;
  nextHref: string | null;
  previousHref: string | null;
  doneHref: string;
  /** Who looks at it, and what is like it; null where it does not wait. */
  place: Place | null;
};

const LEASED = "Somebody else is looking at this now. Ask for it, or deny it.";
const OVER = "This action is no longer waiting.";
const DAMAGED = "What is stored is not what was shown, so it cannot be approved.";

/** One action in the fixed order: headline and deadline, why it stopped, effect, answers; evidence beside it. */
export function ActionReview({ detail, actions, nextHref, previousHref, doneHref, place }: ActionReviewProps) {
  const { approval, gate, view, intact } = detail;
  const waiting = approval.state === "waiting";
  const leased = place !== null && leaseHoldsBack(place.lease, approval, detail.now);
  const approve = detail.may.approve ?? (intact ? (leased ? LEASED : null) : DAMAGED);
  const may = waiting ? { approve, deny: detail.may.deny } : { approve: OVER, deny: OVER };
  const decidable = may.approve === null || may.deny === null;
  return (
    <ReviewProvider
      key={approval.id}
      approvalId={approval.id}
      headline={aboutOf(detail)}
      displayDigest={approval.displayDigest}
      gate={gate}
      enrolled={detail.stepUp.enrolled}
      may={may}
      nextHref={nextHref}
      previousHref={previousHref}
      doneHref={doneHref}
      traceHref={paths.run(approval.runId)}
      ruleHref={ruleHref(detail)}
    >
      <article aria-labelledby="action" className="flex min-w-0 flex-col xl:min-h-[calc(100dvh-3rem)] xl:px-6">
        <ActionStrip
          detail={detail}
          extend={actions.extend}
          stop={
            <StopButton
              target={{ scope: "agent", id: detail.display.agent.handle }}
              action={actions.stop}
              permitted={actions.mayStop}
              label="Stop agent…"
              size="sm"
              command="stop-agent"
            />
          }
        />
        <StateNotice detail={detail} revoke={actions.revoke} />
        {place !== null && <LeaseNotice lease={place.lease} approvalId={approval.id} />}
        {!intact && (
          <Alert tone="error" title="Do not approve">
            {DAMAGED} Its digest does not fit. Deny it and tell an administrator.
          </Alert>
        )}
        <StoppedBy detail={detail} />
        {place?.group && <GroupCard group={place.group} currentId={approval.id} mayDeny={may.deny === null} />}
        <AskingNotes approval={approval} lately={detail.asking.lately} rerun={actions.rerun} />
        <Effect detail={detail} download={actions.download} />
        {waiting && decidable ? (
          <DecisionBar band={approval.band} changedFields={view.changedFields} />
        ) : (
          <Onward reason={waiting ? may.approve : null} href={nextHref ?? doneHref} />
        )}
      </article>
      <aside
        aria-label="Evidence"
        className="min-w-0 border-hair max-xl:border-t max-xl:pt-4 max-xl:pb-56 max-sm:pb-96 xl:border-l xl:bg-surface xl:px-4"
      >
        <Evidence panels={evidencePanels(detail)} />
      </aside>
    </ReviewProvider>
  );
}

/** The action in one line, with whom it is about; without a count that somebody still has to type. */
function aboutOf({ display, gate }: ApprovalDetail): string {
  const target = targetOf(display.args);
  const headline = headlineText(display.headline, { hideCount: gate.typed !== null });
  return target === null ? headline : `${headline} · ${target.slice(0, 120)}`;
}

function Onward({ reason, href }: { reason: string | null; href: string }): ReactNode {
  return (
    <div className="flex flex-wrap items-center gap-3 border-t border-hair py-3 xl:mt-auto">
      {reason !== null && <p className="text-muted">{reason}</p>}
      <ButtonLink href={href} prefetch>
        Go on
      </ButtonLink>
    </div>
  );
}
