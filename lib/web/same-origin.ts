import "server-only";

import { headers } from "next/headers";

import { AppError } from "@/lib/core/shared/errors";
import { isSameOrigin } from "@/lib/core/shared/same-origin";

/**
 * Next.js lets an action without an Origin header through, and believes forwarded hosts; this does neither.
 *
 * @throws {AppError} `forbidden` unless a page of our own sent the request
 */
export async function requireSameOrigin(): Promise<void> {
  const sent = await headers();
  const from = { secFetchSite: sent.get("sec-fetch-site"), origin: sent.get("origin"), host: sent.get("host") };
  if (!isSameOrigin(from)) {
    throw new AppError("forbidden", "This request did not come from Interlock's own pages.", {
      reason: "cross_origin",
    });
  }
}
