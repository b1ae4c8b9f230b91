import "server-only";

import { env } from "@/lib/platform/env";

/** The address people and agents use, without a slash at the end. */
export const PUBLIC_ORIGIN = env.PUBLIC_URL;
