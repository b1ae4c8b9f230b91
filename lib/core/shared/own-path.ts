const NOWHERE = "http://own.invalid";

/**
 * A path on our own origin, out of an address that someone else may have written; `/` for everything else.
 *
 * Takes only what starts with one slash and still points to the same origin after the URL parser has had its say about
 * tabs, back-slashes and line breaks.
 */
export function ownPath(raw: string | null | undefined): string {
  if (typeof raw !== "string" || !/^\/(?![/\\])[^\p{Cc}\\]*$/u.test(raw) || raw.length > 2_000) return "/";
  if (!URL.canParse(raw, NOWHERE)) return "/";
  const url = new URL(raw, NOWHERE);
  const path = `${url.pathname}${url.search}${url.hash}`;
  return url.origin === NOWHERE && !path.startsWith("//") ? path : "/";
}
