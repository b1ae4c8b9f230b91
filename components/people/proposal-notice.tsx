import { Alert } from "@/components/ui/alert";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { WaitingProposal } from "@/lib/core/people/proposal";

type ProposalNoticeProps = {
  proposal: WaitingProposal;
  /** What was proposed: `level 3`. */
  what: string;
  /** What the second person does to make it hold. */
  how: string;
};

/** What one person proposed and a second has to ask for as well, and whether the person who looks can be that second. */
export function ProposalNotice({ proposal, what, how }: ProposalNoticeProps) {
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
    </Alert>
  );
}
