import { ButtonLink } from "@/components/ui/button-link";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { CalibrationFeedback as Feedback } from "@/lib/core/reviewers/calibration";
import { paths } from "@/lib/core/shared/paths";

const YOU = { approve: "approved", deny: "denied", return: "returned" } as const;
const ENDED = {
  denied: "it was denied",
  returned: "it was returned",
  regretted: "it was approved, and regretted",
} as const;

/** What a calibration item was, straight after its answer: what the agent really did, what there was to see, how it went. */
export function CalibrationFeedback({ feedback, whose = "You" }: { feedback: Feedback; whose?: string }) {
  const { result, verdict, agent, at, ended, cue, sourceId } = feedback;
  return (
    <div className="grid gap-2 border-y border-hair border-l-4 border-l-accent bg-surface px-4 py-3">
      <p className="text-base font-semibold">
        This was a calibration item: {result === "caught" ? "caught" : "missed"}.
      </p>
      <p>
        <VisibleText text={agent} /> tried this on <Time at={at} mode="date" />, and {ENDED[ended]}:{" "}
        <VisibleText text={cue} />.
      </p>
      <p>
        {whose} {YOU[verdict]} it. Nothing ran, and nothing could have: no agent waits for this answer.
      </p>
      <p>
        <Link href={paths.approval(sourceId)} className="link inline-block min-h-6">
          Look at the real one
        </Link>
      </p>
    </div>
  );
}

/** Leads on from the feedback to where the reviewer was going. */
export function FeedbackOnward({ href }: { href: string }) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <ButtonLink href={href}>Go on</ButtonLink>
      <Link href={paths.scorecard()} className="link inline-block min-h-6">
        My scorecard
      </Link>
    </div>
  );
}
