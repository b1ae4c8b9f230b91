import { Alert } from "@/components/ui/alert";
import { ButtonLink } from "@/components/ui/button-link";
import { Section } from "@/components/ui/section";
import type { RunQuery } from "@/lib/core/runs/schema";
import { counted } from "@/lib/core/approvals/part";
import { STORY_ROWS, type StoryPage } from "@/lib/core/runs/story";
import type { paths } from "@/lib/core/shared/paths";

import { NextFault } from "./next-fault";
import { StoryNarrow } from "./story-narrow";
import { Timeline } from "./timeline";

type StoryTimelineProps = {
  /** The address of the page, narrowed, with the row to go to. */
  path: typeof paths.run | typeof paths.trace;
  id: string;
  page: StoryPage;
  narrowed: RunQuery;
  isCut: boolean;
};

/** A run's timeline with what narrows it, the way to the next fault, and its pages. */
export function StoryTimeline({ path, id, page, narrowed, isCut }: StoryTimelineProps) {
  const at = (from: number, row?: string) =>
    path(id, { find: narrowed.find, only: narrowed.only ?? "", ...(from > 0 && { from }) }, row);
  const further = page.nextFault === null ? null : at(page.nextFault.index, page.nextFault.id);
  const shownTo = Math.min(narrowed.from + STORY_ROWS, page.matching);
  return (
    <Section
      title="Timeline"
      aside={page.matching === page.all ? counted(page.all, "row") : `${page.matching} of ${counted(page.all, "row")}`}
    >
      {isCut && (
        <Alert tone="warn" title="This run is longer than what is read for one page">
          <p>The figures and rows are of its first part. The API lists the rest.</p>
        </Alert>
      )}
      <div className="flex flex-wrap items-end justify-between gap-3">
        <StoryNarrow action={path(id)} narrowed={narrowed} />
        <NextFault further={further} />
      </div>
      {page.rows.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
          {page.all === 0
            ? "Nothing has happened in this run yet. Decisions and telemetry appear here as they arrive."
            : "No row matches. Clear the filter to see the whole run."}
        </p>
      ) : (
        <Timeline page={page} />
      )}
      <nav aria-label="Rows" className="flex flex-wrap items-center gap-2">
        {narrowed.from > 0 && <ButtonLink href={at(Math.max(0, narrowed.from - STORY_ROWS))}>Earlier rows</ButtonLink>}
        {shownTo < page.matching && <ButtonLink href={at(shownTo)}>Later rows</ButtonLink>}
      </nav>
    </Section>
  );
}
