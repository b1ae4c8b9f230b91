import { PracticeItem } from "@/components/reviewers/practice-item";
import { StartPractice } from "@/components/reviewers/start-practice";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { paths } from "@/lib/core/shared/paths";
import { showBurst } from "@/lib/services/reviewers/show-burst";
import { pageMember } from "@/lib/web/page-member";

import { answerBurstAction, startBurstAction } from "./actions";

export const metadata = { title: "Practice" };

export default async function PracticePage() {
  const { ctx, member } = await pageMember();
  const reviews = member.roles.includes("reviewer");
  const { step, last } = reviews ? await showBurst(ctx) : { step: null, last: null };

  return (
    <>
      <PageHeader
        title="Practice"
        crumbs={[{ label: "Reviewers", href: paths.reviewers() }]}
        meta="Past actions, most of them wrong. Nothing waits for your answer and nothing runs."
      />
      {step !== null && <PracticeItem key={`${step.burst} ${step.place}`} step={step} answer={answerBurstAction} />}
      {step === null && (
        <EmptyState
          title={last === null ? "Five past actions, with the answer at once" : last.passed ? "Passed" : "Not passed"}
          actions={reviews && <StartPractice start={startBurstAction} />}
        >
          {last !== null && (
            <p>
              Your last round ended <Time at={last.at} />.{" "}
              {last.passed
                ? "Every wrong action was refused."
                : "A wrong action was let through, or more than one right action was refused."}
            </p>
          )}
          <p>
            Wrong actions are rare on the desk, and what is rare is missed. A short round in which they are common, with
            the answer after each, helps for the hours that follow. Pass by refusing every wrong one and at most one
            right one.
          </p>
          {!reviews && <p>This is for people who review. Your roles do not include it.</p>}
        </EmptyState>
      )}
    </>
  );
}
