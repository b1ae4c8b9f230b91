import { notFound } from "next/navigation";

import { Scorecard } from "@/components/reviewers/scorecard";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { VisibleText } from "@/components/ui/visible-text";
import { AppError } from "@/lib/core/shared/errors";
import { paths } from "@/lib/core/shared/paths";
import { listScorecards, showScorecard } from "@/lib/services/reviewers/show-scorecard";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Scorecard" };

export default async function ScorecardPage({ params }: PageProps<"/reviewers/[memberId]">) {
  const [ctx, { memberId }] = await Promise.all([pageContext(), params]);
  const [{ person, isMine, card }, others] = await Promise.all([shownTo(ctx, memberId), listScorecards(ctx)]);
  const who = isMine ? "You" : person.name;

  return (
    <>
      <PageHeader
        title={isMine ? "My scorecard" : <VisibleText text={`Scorecard of ${person.name}`} />}
        crumbs={[{ label: "Reviewers", href: paths.reviewers() }]}
        meta={
          isMine
            ? "Only you and the administrators of this workspace can open this."
            : "Only this person and the administrators of this workspace can open this."
        }
        actions={isMine && <ButtonLink href={paths.burst()}>Practise</ButtonLink>}
      />
      {card.decisions === 0 && card.calibration.n === 0 ? (
        <EmptyState
          title={isMine ? "You have not decided anything yet" : "Nothing decided yet"}
          actions={<ButtonLink href={paths.desk()}>Open the desk</ButtonLink>}
        >
          <p>
            After the first answers this page shows how much was approved beside the team's share, how long actions were
            looked at, how many calibration items were caught, and which approvals were regretted later.
          </p>
        </EmptyState>
      ) : (
        <Scorecard card={card} who={who} />
      )}
      {others.length > 0 && (
        <Section title="Other scorecards" aside="open to you as an administrator">
          <ul className="flex flex-wrap gap-x-4 gap-y-1 border-y border-hair bg-surface p-3">
            {others.map(({ id, name }) => (
              <li key={id}>
                <Link href={paths.scorecard(id)} className="link inline-block min-h-6">
                  <VisibleText text={name} />
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** Who may not know finds nothing, whether or not there is such a person. */
async function shownTo(ctx: Parameters<typeof showScorecard>[0], id: string) {
  try {
    return await showScorecard(ctx, id);
  } catch (error) {
    if (error instanceof AppError && (error.code === "not_found" || error.code === "forbidden")) notFound();
    throw error;
  }
}
