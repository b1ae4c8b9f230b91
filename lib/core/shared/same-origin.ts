/** The request headers that tell where a request was made from. */
export type OriginHeaders = {
  readonly secFetchSite: string | null;
  readonly origin: string | null;
  readonly host: string | null;
};

/**
 * Whether a request that changes something was made by a page of our own.
 *
 * `Sec-Fetch-Site` decides where the browser sends it; browsers leave it out on plain http, and then `Origin` must name
 * the host that was asked. With neither the answer is no: what is not known to be ours is not.
 */
export function isSameOrigin({ secFetchSite, origin, host }: OriginHeaders): boolean {
  if (secFetchSite !== null) return secFetchSite === "same-origin";
  if (origin === null || host === null || !URL.canParse(origin)) return false;
  const { host: from, protocol } = new URL(origin);
  return (protocol === "http:" || protocol === "https:") && from === host.toLowerCase();
}
