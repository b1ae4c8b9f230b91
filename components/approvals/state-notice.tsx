import { CopyText } from "@/components/ui/copy-text";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import type { ApprovalDetail } from "@/lib/core/approvals/desk";
import type { Vote } from "@/lib/core/approvals/schema";

import { ApprovedWords, SupersededWords } from "./overtaken-words";

/** Where an action stands that this person cannot decide any more, in words: who, when, what. */
export function StateNotice({ detail }: { detail: ApprovalDetail }) {
  const { approval, votes, may, quorum } = detail;
  if (approval.state === "waiting" && may.voted === null) return null;
  return (
    <section aria-label="Where this stands" className="grid gap-1 border-b border-hair py-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <VerdictMark verdict={approval.state} />
        <StateWords detail={detail} />
      </p>
      {votes.map((vote) => (
        <VoteLine key={vote.memberId} vote={vote} />
      ))}
      {approval.state === "waiting" && quorum > 1 && (
        <p className="text-muted">The other review is independent: nobody sees your answer first.</p>
      )}
      {approval.note !== null && approval.note !== "" && (
        <p>
          <span className="text-muted">The agent was told: </span>
          <CopyText value={approval.note} label="note" />
        </p>
      )}
    </section>
  );
}

function StateWords({ detail }: { detail: ApprovalDetail }) {
  const { approval, votes, outcome, quorum } = detail;
  const approved = votes.filter((vote) => vote.verdict === "approve").length;
  const settled = approval.settledAt === null ? null : <Time at={approval.settledAt} />;
  switch (approval.state) {
    case "waiting":
      return <span>Your answer is recorded. {quorum} people are needed.</span>;
    case "approved":
      return <ApprovedWords detail={detail} settled={settled} />;
    case "consumed":
      return (
        <span>
          Approved {settled} and used once.{" "}
          {outcome === null
            ? "The agent has not reported what came of it."
            : `Reported: ${outcome.replaceAll("_", " ")}.`}
        </span>
      );
    case "expired":
      return (
        <span>
          <Time at={approval.expiresAt} />. It did <b>not</b> run.{" "}
          {approved === 0
            ? "Nobody decided."
            : approved < quorum
              ? `${approved} of ${quorum} had approved.`
              : "It was approved, and not used in time."}
        </span>
      );
    case "withdrawn":
      return <span>The agent gave up {settled}. It did not run.</span>;
    case "superseded":
      return <SupersededWords detail={detail} settled={settled} />;
    default:
      return <span>{settled}. It did not run.</span>;
  }
}

const SAID = { approve: "approved", deny: "denied", return: "returned it" } as const;

function VoteLine({ vote }: { vote: Vote }) {
  return (
    <p>
      <VisibleText text={vote.memberName} />
      {vote.forName !== null && (
        <>
          , for <VisibleText text={vote.forName} />,
        </>
      )}{" "}
      {SAID[vote.verdict]} <Time at={vote.createdAt} />
      {vote.note !== "" && (
        <>
          :{" "}
          <q>
            <VisibleText text={vote.note} />
          </q>
        </>
      )}
    </p>
  );
}
