import "server-only";

import { ownPath } from "@/lib/core/shared/own-path";
import { env } from "@/lib/platform/env";

/** The address people and agents use, without a slash at the end. */
export const PUBLIC_ORIGIN = env.PUBLIC_URL;

/** Where to go after signing in: a path of ours, also when it comes as a whole address of ours; `/` for all else. */
export function ownPathOf(address: string | null | undefined): string {
  return ownPath(address?.startsWith(`${PUBLIC_ORIGIN}/`) ? address.slice(PUBLIC_ORIGIN.length) : address);
}
