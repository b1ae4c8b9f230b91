import NextLink from "next/link";

/**
 * Fetches the next action while this one is read, so that it is there at once. Looking ahead is no view of it: nothing is
 * counted before it is on screen. A link, because those are fetched anew whenever the page is drawn again.
 */
export function FetchAhead({ href }: { href: string | null }) {
  if (href === null) return null;
  return (
    <NextLink href={href} prefetch aria-hidden="true" tabIndex={-1} className="pointer-events-none size-px opacity-0">
      {" "}
    </NextLink>
  );
}
