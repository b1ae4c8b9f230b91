import { Chip } from "@/components/ui/chip";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { UnknownExecution } from "@/lib/core/decisions/execution";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

import { AnswerButton } from "./answer-button";

type UnknownListProps = { items: readonly UnknownExecution[]; answer: FormAction; permitted: boolean };

/** Allowed calls of which nobody knows whether they ran, each with the question a person has to answer. */
export function UnknownList({ items, answer, permitted }: UnknownListProps) {
  return (
    <ul aria-label="Calls that may have run" className="divide-y divide-hair border-y border-hair bg-surface">
      {items.map((item) => (
        <li key={item.decision_id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-3 py-2">
          <div className="grid min-w-0 gap-0.5">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <Link
                href={paths.decision(item.decision_id)}
                className="inline-block min-h-6 font-medium hover:underline"
              >
                <Mono>
                  <VisibleText text={item.tool} />
                </Mono>
              </Link>
              <Link href={paths.agent(item.agent)} className="link">
                <VisibleText text={item.agent} />
              </Link>
              {item.demo && <Chip tone="demo">demo</Chip>}
            </p>
            <p className="text-muted">
              Allowed <Time at={item.allowed_at} />, step {item.step} of run{" "}
              <Link href={paths.run(item.run_id)} className="link">
                <VisibleText text={item.run} />
              </Link>
              ; no outcome came. It is not tried again.
            </p>
          </div>
          <AnswerButton
            decisionId={item.decision_id}
            tool={item.tool}
            action={answer}
            {...(!permitted && { disabledReason: "This needs a reviewer or an operator." })}
          />
        </li>
      ))}
    </ul>
  );
}
