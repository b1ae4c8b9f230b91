import type { ReactNode } from "react";

import { BandMark } from "@/components/ui/band-mark";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/section";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import type { BatchEntry, BatchView } from "@/lib/core/approvals/batch";
import type { Desk } from "@/lib/core/approvals/desk";
import { headlineText } from "@/lib/core/approvals/headline-text";
import { counted } from "@/lib/core/approvals/part";
import { paths } from "@/lib/core/shared/paths";

import { EndButton } from "./end-button";
import { TakeButton } from "./take-button";

type BatchResultProps = {
  desk: Desk;
  batch: BatchView;
  /** What this batch says about the reviewer, privately. */
  feedback?: ReactNode;
};

/** After a batch, on one screen: what was answered, what came of it, what was caught; then the next, or done. */
export function BatchResult({ desk, batch, feedback = null }: BatchResultProps) {
  const { entries } = batch;
  const answered = entries.filter((entry) => entry.standing === "decided");
  const caught = answered.filter((entry) => entry.mine !== "approve");
  const rest = entries.filter((entry) => entry.standing !== "decided");
  return (
    <div className="grid max-w-4xl gap-6">
      <div className="grid gap-3">
        <h1 data-review-heading tabIndex={-1} className="text-xl outline-offset-4">
          {titleOf(answered.length, entries)}
        </h1>
        {answered.length > 0 && <p>{sumText(answered)}</p>}
        <div className="flex flex-wrap items-center gap-3">
          {desk.take > 0 && <TakeButton count={desk.take} />}
          <EndButton />
          {desk.take === 0 && <span className="text-muted">Nothing else is free for you now.</span>}
        </div>
      </div>
      {answered.length > 0 && (
        <Section title="What you answered">
          <Entries entries={answered} of={(entry) => <AnswerLine entry={entry} />} />
        </Section>
      )}
      {caught.length > 0 && (
        <Section title="What you caught">
          <Entries
            entries={caught}
            of={(entry) => (
              <>
                It did not run.
                {desk.caught[entry.id] !== undefined && <> What was wrong with it: {desk.caught[entry.id]}.</>}
                {entry.said !== null && entry.said !== "" && (
                  <>
                    {" "}
                    The agent was told:{" "}
                    <q>
                      <VisibleText text={entry.said} />
                    </q>
                  </>
                )}
              </>
            )}
          />
        </Section>
      )}
      {rest.length > 0 && (
        <Section title="Not answered by you">
          <Entries entries={rest} of={restText} />
        </Section>
      )}
      {feedback}
    </div>
  );
}

function titleOf(answered: number, entries: readonly BatchEntry[]): string {
  if (answered === entries.length) return "Batch done";
  if (entries.some((entry) => entry.standing === "lapsed"))
    return `Time is up: ${answered} of ${entries.length} answered`;
  return `${answered} of ${counted(entries.length, "action")} answered`;
}

function Entries({ entries, of }: { entries: readonly BatchEntry[]; of: (entry: BatchEntry) => ReactNode }) {
  return (
    <ul className="grid divide-y divide-hair border-y border-hair">
      {entries.map((entry) => (
        <li key={entry.id} className="grid gap-0.5 px-3 py-2">
          <span className="flex flex-wrap items-baseline justify-between gap-x-4">
            <Link href={paths.approval(entry.id)} className="link min-w-0 font-semibold break-words">
              <VisibleText text={headlineText(entry.headline, { hideCount: hidesCount(entry) })} />
            </Link>
            <BandMark band={entry.band} quiet />
          </span>
          <span className="text-muted">{of(entry)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The count of a critical action that still waits is what its next reviewer types. */
const hidesCount = (entry: BatchEntry) => entry.band === "critical" && entry.state === "waiting";

const ANSWERS: Record<string, string> = { approve: "approved", deny: "denied", return: "returned" };

function sumText(answered: readonly BatchEntry[]): string {
  const parts = (["approve", "deny", "return"] as const).flatMap((verdict) => {
    const count = answered.filter((entry) => entry.mine === verdict).length;
    return count === 0 ? [] : `${count} ${ANSWERS[verdict]}`;
  });
  const ran = answered.filter((entry) => entry.state === "consumed").length;
  return `${parts.join(", ")} by you. ${ranText(ran)}`;
}

const ranText = (ran: number) =>
  ran === 0 ? "None has run so far." : `${ran} ${ran === 1 ? "has" : "have"} run since.`;

function AnswerLine({ entry }: { entry: BatchEntry }) {
  return (
    <span className="flex flex-wrap items-baseline gap-x-3">
      <VerdictMark verdict={ANSWERS[entry.mine ?? ""] ?? "waiting"} />
      <span>{sinceText(entry)}</span>
    </span>
  );
}

function sinceText({ state, mine, outcome }: BatchEntry): string {
  if (mine !== "approve") return "It did not run.";
  if (state === "waiting") return "Waits for another, independent review.";
  if (state === "approved") return "The agent has not used it yet.";
  if (state === "consumed") {
    return outcome === null
      ? "It ran; the agent has not reported what came of it."
      : `It ran: ${outcome.replaceAll("_", " ")}.`;
  }
  if (state === "expired") return "Not used in time. It did not run.";
  return `${state.charAt(0).toUpperCase()}${state.slice(1)} afterwards. It did not run.`;
}

function restText(entry: BatchEntry): ReactNode {
  if (entry.standing === "left") {
    return entry.leftTo === null ? (
      "You gave it back to the pool."
    ) : (
      <>
        You handed it to <VisibleText text={entry.leftTo} />.
      </>
    );
  }
  if (entry.standing === "lapsed") return "Your time was up: it waits in the pool again.";
  if (entry.state === "expired") return "Expired. It did not run. Nobody decided.";
  if (entry.state === "withdrawn") return "The agent gave up. It did not run.";
  return `Somebody else decided: ${entry.state}.`;
}
