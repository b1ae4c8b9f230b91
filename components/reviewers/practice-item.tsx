"use client";

import { useRouter } from "next/navigation";

import { ArgumentTable } from "@/components/approvals/argument-table";
import { CommandText } from "@/components/approvals/command-text";
import { PathTable } from "@/components/approvals/path-table";
import { RowsTable } from "@/components/approvals/rows-table";
import { TextDiff } from "@/components/approvals/text-diff";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import type { Display } from "@/lib/core/approvals/display";
import type { EffectView } from "@/lib/core/approvals/effect";
import { headlineText } from "@/lib/core/approvals/headline-text";
import type { Part } from "@/lib/core/approvals/part";
import type { FormAction } from "@/lib/core/shared/action-state";

export type PracticeFeedback = {
  readonly right: boolean;
  readonly wrongAction: boolean;
  readonly at: Date;
  readonly ended: string;
  readonly cue: string;
  readonly left: number;
  readonly passed: boolean | null;
};

type PracticeItemProps = {
  step: {
    readonly burst: string;
    readonly place: number;
    readonly of: number;
    readonly display: Display;
    readonly view: EffectView;
  };
  answer: FormAction<PracticeFeedback>;
};

/** One past action of a practice round: what it would have done, two answers, and what it was as soon as one is given. */
export function PracticeItem({ step, answer }: PracticeItemProps) {
  const router = useRouter();
  const { state, pending, form } = useFormAction(answer);
  const { display, view } = step;
  const told = state.status === "done" ? state.data : undefined;
  return (
    <article aria-labelledby="practice" className="grid min-w-0 gap-4">
      <div className="grid gap-1">
        <h2 id="practice" className="text-lg break-words">
          <VisibleText text={headlineText(display.headline)} />
        </h2>
        <p className="text-muted">
          Action {step.place + 1} of {step.of} · <VisibleText text={display.agent.handle} /> · with{" "}
          <VisibleText text={display.tool.name} />
        </p>
        {view.mismatch !== null && view.mismatch.outside !== null && view.mismatch.outside > 0 && (
          <Alert tone="warn">
            {view.mismatch.outside} of {view.mismatch.touched} rows do not match what was asked for.
          </Alert>
        )}
      </div>
      {view.parts.map((part) => (
        <div key={part.id} className="grid min-w-0 gap-1">
          <h3 className="text-sm font-semibold">{part.title}</h3>
          <p className="text-xs text-muted">{part.summary}</p>
          <PartBody part={part} />
        </div>
      ))}
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      {told === undefined ? (
        <form {...form} className="flex flex-wrap gap-2 border-t border-hair pt-3">
          <input type="hidden" name="burst" value={step.burst} />
          <input type="hidden" name="place" value={step.place} />
          <Button type="submit" name="verdict" value="deny" variant="strong" aria-busy={pending}>
            Deny
          </Button>
          <Button type="submit" name="verdict" value="approve" aria-busy={pending}>
            Approve
          </Button>
        </form>
      ) : (
        <div role="status" className="grid gap-2 border-y border-hair border-l-4 border-l-accent bg-surface px-4 py-3">
          <p className="text-base font-semibold">
            {told.right ? "Right" : told.wrongAction ? "Missed" : "This one was fine"}
          </p>
          <p>
            On <Time at={told.at} mode="date" /> it was {told.ended}: <VisibleText text={told.cue} />.
          </p>
          <div>
            <Button onClick={() => router.refresh()}>{told.left > 0 ? "Next action" : "See the result"}</Button>
          </div>
        </div>
      )}
    </article>
  );
}

function PartBody({ part: { title, body } }: { part: Part }) {
  if (body.kind === "rows") return <RowsTable label={title} columns={body.columns} rows={body.rows} />;
  if (body.kind === "lines") return <TextDiff label={title} lines={body.lines} />;
  if (body.kind === "paths") return <PathTable label={title} items={body.items} />;
  if (body.kind === "command")
    return <CommandText label={title} segments={body.segments} facts={body.facts} lines={body.lines} />;
  return <ArgumentTable label={title} items={body.items} />;
}
