import { ButtonLink } from "./button-link";

type PagerProps = {
  /** The next page, absent on the last. */
  nextHref?: string | undefined;
  /** The first page, when this is not it. */
  firstHref?: string | undefined;
};

/** Leads through a list that is longer than a page. */
export function Pager({ nextHref, firstHref }: PagerProps) {
  if (nextHref === undefined && firstHref === undefined) return null;
  return (
    <nav aria-label="Pages" className="flex flex-wrap gap-2">
      {firstHref !== undefined && <ButtonLink href={firstHref}>Newest</ButtonLink>}
      {nextHref !== undefined && (
        <ButtonLink href={nextHref} rel="next">
          Older
        </ButtonLink>
      )}
    </nav>
  );
}
