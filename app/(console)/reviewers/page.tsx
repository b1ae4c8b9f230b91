import { Organisation } from "@/components/reviewers/organisation";
import { OrganisationCsv } from "@/components/reviewers/organisation-csv";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { OrganisationQuery } from "@/lib/core/reviewers/organisation";
import { paths } from "@/lib/core/shared/paths";
import { DAY_MS } from "@/lib/core/shared/time";
import { showOrganisation } from "@/lib/services/reviewers/show-organisation";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Reviewers" };

const RANGES = [7, 30, 90] as const;

export default async function ReviewersPage({ searchParams }: PageProps<"/reviewers">) {
  const ctx = await pageContext();
  const { from } = OrganisationQuery.parse(await searchParams);
  const shown = await showOrganisation(ctx, from);
  const day = (days: number) => new Date(ctx.now.getTime() - days * DAY_MS).toISOString().slice(0, 10);

  return (
    <>
      <PageHeader
        title="Reviewers"
        meta="How people here review, in sums over at least five people. No names, and no figure that one person could be read out of."
        actions={
          <>
            <OrganisationCsv shown={shown} />
            <ButtonLink href={paths.scorecard()}>My scorecard</ButtonLink>
          </>
        }
      />
      <nav aria-label="Range" className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {RANGES.map((days) => (
          <Link
            key={days}
            href={paths.reviewers(day(days))}
            className="link inline-block min-h-6 aria-[current=page]:font-semibold"
            {...(from?.toISOString().slice(0, 10) === day(days) && { "aria-current": "page" })}
          >
            Last {days} days
          </Link>
        ))}
        <Link
          href={paths.reviewers()}
          className="link inline-block min-h-6 aria-[current=page]:font-semibold"
          {...(from === undefined && { "aria-current": "page" })}
        >
          All kept
        </Link>
        <span className="text-muted">
          From <Time at={shown.from} mode="date" />
          {shown.until !== null && (
            <>
              {" "}
              to <Time at={shown.until} mode="date" />. Newer answers count once five people have given some.
            </>
          )}
        </span>
      </nav>
      {shown.volume === null ? (
        <EmptyState
          title="Fewer than 5 people have reviewed"
          actions={<ButtonLink href={paths.desk()}>Open the desk</ButtonLink>}
        >
          <p>
            Once five different people have answered actions in this range, this page shows how much is reviewed, how
            much of it is approved, how long it takes and how often it is regretted. Below that, a figure would be about
            somebody.
          </p>
        </EmptyState>
      ) : (
        <Organisation shown={shown} />
      )}
    </>
  );
}
