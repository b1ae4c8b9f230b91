import { ConfirmButton } from "@/components/settings/confirm-button";
import { Alert } from "@/components/ui/alert";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { WaitingProposal } from "@/lib/core/people/proposal";
import type { FormAction } from "@/lib/core/shared/action-state";

import { RejectButton } from "./reject-button";

/** What ends a proposal without making it hold, and who looks. */
export type ProposalActions = {
  readonly me: string;
  readonly mayReject: boolean;
  readonly withdraw: FormAction;
  readonly reject: FormAction;
};

type ProposalNoticeProps = {
  proposal: WaitingProposal;
  /** What was proposed: `level 3`. */
  what: string;
  /** What the second person does to make it hold. */
  how: string;
  actions: ProposalActions;
};

/** What one person proposed and a second has to ask for as well, and what the person who looks can do about it. */
export function ProposalNotice({ proposal, what, how, actions }: ProposalNoticeProps) {
  return (
    <Alert tone="warn" title={`A second person is needed for ${what}`}>
      <p>
        <VisibleText text={proposal.by.name} /> proposed it, <Time at={proposal.created_at} />
        {proposal.reason !== "" && (
          <>
            : <VisibleText text={proposal.reason} />
          </>
        )}
      </p>
      <p className="max-w-[80ch]">{proposal.not_second === null ? how : <VisibleText text={proposal.not_second} />}</p>
      <div className="pt-1">
        {proposal.by.id === actions.me ? (
          <ConfirmButton
            label="Withdraw…"
            about={`the proposal for ${what}`}
            title={`Withdraw the proposal for ${what}`}
            confirm="Withdraw"
            action={actions.withdraw}
            fields={{ id: proposal.id }}
          >
            Nothing changes: what holds now still holds. Your name and the withdrawal go into the ledger.
          </ConfirmButton>
        ) : (
          <RejectButton
            id={proposal.id}
            what={what}
            action={actions.reject}
            {...(!actions.mayReject && { disabledReason: "This needs a policy administrator." })}
          />
        )}
      </div>
    </Alert>
  );
}
