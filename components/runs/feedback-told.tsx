import { Link } from "@/components/ui/link";
import { VisibleText } from "@/components/ui/visible-text";
import { ratingText } from "@/lib/core/runs/feedback";
import type { StoryTold } from "@/lib/core/runs/story";
import { paths } from "@/lib/core/shared/paths";

import { Line } from "./timeline-line";

const ABOUT = { run: "about this run", trace: "about this trace", event: "about this step" } as const;

/** End-user feedback as it was sent, and by whose key: the sender's word, checked by nobody. */
export function FeedbackTold({ told }: { told: Extract<StoryTold, { kind: "feedback" }> }) {
  const { agent, keyHint, about, user, rating, label, comment, correction } = told;
  return (
    <>
      <Line
        quiet={
          <>
            {ABOUT[about]}, claimed with{" "}
            <Link href={paths.agent(agent)} className="link">
              <VisibleText text={agent} />
            </Link>
            ’s key {keyHint !== null && <span className="font-mono">ilk_…{keyHint}</span>}
            {user !== null && (
              <>
                {" "}
                for user <VisibleText text={user} />
              </>
            )}
          </>
        }
      >
        {rating !== null && <span className="font-medium">Rated {ratingText(rating)}</span>}
        {rating !== null && label !== null && " · "}
        {label !== null && <VisibleText text={label} />}
        {rating === null && label === null && (correction === null ? "A comment" : "A correction")}
      </Line>
      {comment !== null && <Words label="Comment" text={comment} />}
      {correction !== null && <Words label="Correction" text={correction} />}
    </>
  );
}

function Words({ label, text }: { label: string; text: string }) {
  return (
    <details className="text-xs">
      <summary className="py-0.5 text-muted">{label}</summary>
      <VisibleText text={text} block />
    </details>
  );
}
