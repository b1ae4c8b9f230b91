import { Alert } from "@/components/ui/alert";
import { ButtonLink } from "@/components/ui/button-link";
import { VisibleText } from "@/components/ui/visible-text";
import type { DisplayDiff } from "@/lib/core/approvals/display-diff";
import { paths } from "@/lib/core/shared/paths";
import { windowOf } from "@/lib/core/approvals/window";

import { PartBodyView } from "./part-body";

/** A difference of differences is to say where to look; all there is to look at is in the new request. */
const MOST_LINES = 100;

/** What an agent's newer request changed against the one on screen: the difference of the two differences. */
export function EffectChange({ change, successorId }: { change: DisplayDiff; successorId: string }) {
  const { headline, facts, parts } = change;
  const nothing = headline === null && facts.length === 0 && parts.length === 0;
  return (
    <section aria-labelledby="effect-change" className="grid gap-3 border-b border-hair py-4">
      <Alert
        tone="warn"
        title={<span id="effect-change">Changed since you opened it{headline !== null && `: ${headline}`}</span>}
      >
        <p>
          {nothing
            ? "The agent asked for the same again. Its new request is the one that counts."
            : "The agent asked again with another effect. What is below was replaced; this is what differs."}
        </p>
        {facts.length > 0 && (
          <ul>
            {facts.map((fact) => (
              <li key={fact} className="break-words">
                <VisibleText text={fact} />
              </li>
            ))}
          </ul>
        )}
        <p className="pt-1.5">
          <ButtonLink href={paths.approval(successorId)}>Review the new request</ButtonLink>
        </p>
      </Alert>
      {parts.map((part) => {
        const { body, total } = windowOf(part, 0, MOST_LINES);
        return (
          <section key={part.id} aria-labelledby={part.id} className="grid min-w-0 gap-2">
            <div>
              <h3 id={part.id} className="text-sm">
                {part.title}
              </h3>
              <p className="text-xs text-muted">{part.summary}</p>
            </div>
            <PartBodyView part={{ title: part.title, body }} />
            {total > MOST_LINES && (
              <p role="note" className="text-muted">
                {MOST_LINES} of {total.toLocaleString("en-US")} lines are shown. The new request has all of them.
              </p>
            )}
          </section>
        );
      })}
    </section>
  );
}
