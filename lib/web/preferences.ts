import "server-only";

import { cookies } from "next/headers";
import { cache } from "react";

import { PREFERENCES, type Preferences, readPreferences } from "@/lib/core/workspaces/preferences";
import { bindingsOf, KEYS_COOKIE, textOfBindings } from "@/lib/core/workspaces/shortcuts";

/** How this browser likes its pages, read from its cookies so that the first byte already looks right. */
export const preferences = cache(async (): Promise<Preferences> => {
  const jar = await cookies();
  return readPreferences((name) => jar.get(PREFERENCES[name].cookie)?.value);
});

/** What this browser has changed about its keys: whatever its cookie says, a valid set. */
export const chosenKeys = cache(async (): Promise<string> => {
  const jar = await cookies();
  return textOfBindings(bindingsOf(jar.get(KEYS_COOKIE)?.value));
});
