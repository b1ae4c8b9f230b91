/** Why a request cannot be one for a page. */
export type PageRefusal = { readonly status: 400 | 405; readonly sentence: string };

/** What pages, their actions and the sign-in routes are asked with. */
export const PAGE_METHODS = ["GET", "HEAD", "POST"] as const;

/**
 * Refuses what no page can answer before it reaches a framework that would take it for a fault of its own: other methods,
 * addresses that are not a path, and paths whose escapes are not UTF-8 or hide a control character.
 */
export function refusePageRequest(method: string | undefined, target: string | undefined): PageRefusal | null {
  if (!PAGE_METHODS.some((known) => known === method)) {
    return { status: 405, sentence: `Pages are asked for with ${PAGE_METHODS.join(", ")}.` };
  }
  const path = /^\/[^?#]*/.exec(target ?? "")?.[0];
  if (path === undefined) return { status: 400, sentence: "The address is not a path." };
  try {
    if (!/\p{Cc}/u.test(decodeURIComponent(path))) return null;
  } catch {
    // an escape that is not UTF-8: the same answer
  }
  return { status: 400, sentence: "The address cannot be read." };
}
