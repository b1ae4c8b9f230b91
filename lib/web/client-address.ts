import "server-only";

/**
 * The network address of the client, as the api process in front saw it.
 *
 * Only used to count attempts. That process drops what a client claims, and pages are served on a private port.
 */
export function addressOf(headers: Headers): string {
  return headers.get("x-forwarded-for")?.slice(0, 100) ?? "unknown";
}
