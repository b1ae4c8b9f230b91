import { ButtonLink } from "./button-link";

type PagerProps = {
  /** The next page, absent on the last. */
  nextHref?: string | undefined;
  /** The first page, when this is not it. */
  firstHref?: string | undefined;
  /** What the two are called in a list that does not begin with the newest. */
  first?: string;
  next?: string;
};

/** Leads through a list that is longer than a page. */
export function Pager({ nextHref, firstHref, first = "Newest", next = "Older" }: PagerProps) {
  if (nextHref === undefined && firstHref === undefined) return null;
  return (
    <nav aria-label="Pages" className="flex flex-wrap gap-2">
      {firstHref !== undefined && <ButtonLink href={firstHref}>{first}</ButtonLink>}
      {nextHref !== undefined && (
        <ButtonLink href={nextHref} rel="next">
          {next}
        </ButtonLink>
      )}
    </nav>
  );
}
