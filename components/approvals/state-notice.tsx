import { CopyBlock } from "@/components/ui/copy-block";
import { CopyText } from "@/components/ui/copy-text";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { type Aftermath, resubmitText } from "@/lib/core/approvals/aftermath";
import type { ApprovalDetail } from "@/lib/core/approvals/desk";
import { differenceText } from "@/lib/core/approvals/effect-differs";
import { actText } from "@/lib/core/approvals/headline-text";
import type { Vote } from "@/lib/core/approvals/schema";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

import { ApprovedWords, SupersededWords } from "./overtaken-words";
import { RevokeButton } from "./revoke-button";
import { Unsent } from "./unsent";

/** Where an action stands that this person cannot decide any more, in words: who, when, what, and what is left to do. */
export function StateNotice({ detail, revoke }: { detail: ApprovalDetail; revoke: FormAction }) {
  const { approval, votes, may, quorum } = detail;
  if (approval.state === "waiting" && may.voted === null) return null;
  return (
    <section aria-label="Where this stands" className="grid gap-1 border-b border-hair py-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <VerdictMark verdict={approval.state} />
        <StateWords detail={detail} />
      </p>
      <RegretWords after={detail.after} />
      <EffectWords detail={detail} />
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
      <Unsent approvalId={approval.id} mine={may.voted !== null} />
      {approval.state === "approved" && (
        <div>
          <RevokeButton approvalId={approval.id} revoke={revoke} />
        </div>
      )}
      {approval.state === "expired" && <Resubmit detail={detail} />}
    </section>
  );
}

function StateWords({ detail }: { detail: ApprovalDetail }) {
  const { approval, votes, quorum, after } = detail;
  const approved = votes.filter((vote) => vote.verdict === "approve").length;
  const settled = approval.settledAt === null ? null : <Time at={approval.settledAt} />;
  switch (approval.state) {
    case "waiting":
      return <span>Your answer is recorded. {quorum} people are needed.</span>;
    case "approved":
      return <ApprovedWords detail={detail} settled={settled} />;
    case "consumed":
      return <UsedWords detail={detail} />;
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
      return after.revoked === null ? (
        <span>The agent gave up {settled}. It did not run.</span>
      ) : (
        <span>
          <VisibleText text={after.revoked.by} /> took the approval back <Time at={after.revoked.at} />. It did not run.
        </span>
      );
    case "superseded":
      return <SupersededWords detail={detail} settled={settled} />;
    default:
      return <span>{settled}. It did not run.</span>;
  }
}

/** How what was done differs from what was approved, to who approved it. */
function EffectWords({ detail: { after, votes } }: { detail: ApprovalDetail }) {
  const differs = after.effect?.differs ?? [];
  if (differs.length === 0) return null;
  const by = votes.filter(({ verdict }) => verdict === "approve").map(({ memberName }) => memberName);
  return (
    <p className="font-medium text-del">
      <VisibleText
        text={differs
          .map((difference) => differenceText(difference, by.length === 0 ? null : by.join(" and ")))
          .join(" ")}
      />
    </p>
  );
}

/** Approved and used: what came of it, its record, and the way back if its manifest names one. */
function UsedWords({ detail: { approval, outcome, after } }: { detail: ApprovalDetail }) {
  return (
    <span>
      Approved {approval.settledAt !== null && <Time at={approval.settledAt} />} and used once.{" "}
      {outcome === null
        ? "The agent has not reported what came of it."
        : `${GOOD.has(outcome) ? "Reported" : "It failed; reported"}: ${outcome.replaceAll("_", " ")}.`}{" "}
      {approval.consumedBy !== null && (
        <Link href={paths.decision(approval.consumedBy)} className="link">
          Record of the call
        </Link>
      )}
      {after.undoTool !== null && after.regret?.cause !== "rolled_back" && (
        <>
          {" "}
          · can be undone by its agent with{" "}
          <Link href={paths.tools({ name: after.undoTool })} className="link">
            <Mono>
              <VisibleText text={after.undoTool} />
            </Mono>
          </Link>
        </>
      )}
    </span>
  );
}

const GOOD = new Set(["success", "retry"]);
const REGRETS = {
  rolled_back: "Rolled back",
  failed: "It failed after it was approved",
  person: "Somebody said that it should not have been approved",
} as const;

function RegretWords({ after: { regret } }: { after: Aftermath }) {
  if (regret === null) return null;
  return (
    <p>
      <b>{REGRETS[regret.cause]}</b> <Time at={regret.at} />.
    </p>
  );
}

/** Nobody answered in time: what to tell the agent, which learns it by itself when it asks next. */
function Resubmit({ detail: { approval, display, gate } }: { detail: ApprovalDetail }) {
  const act = actText(display.headline, { hideCount: gate.typed !== null });
  return (
    <div className="grid gap-1">
      <p className="text-muted">
        The agent is told so when it asks next. If it should try again, give it or its owner this:
      </p>
      <CopyBlock
        label="message to the agent"
        text={resubmitText({ id: approval.id, act, expiredAt: approval.expiresAt })}
      />
    </div>
  );
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
