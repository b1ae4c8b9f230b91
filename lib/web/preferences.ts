import "server-only";

import { cookies } from "next/headers";
import { cache } from "react";

import { isZone } from "@/lib/core/shared/zone";
import { PREFERENCES, type Preferences, readPreferences, ZONE_COOKIE } from "@/lib/core/workspaces/preferences";
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

/** The time zone that this browser says it is in; null before it has said one we know. */
export const browserZone = cache(async (): Promise<string | null> => {
  const zone = (await cookies()).get(ZONE_COOKIE)?.value ?? "";
  return isZone(zone) ? zone : null;
});

/** When this page is drawn, in milliseconds since 1970: the same wherever it is asked for. */
export const drawnAt = cache(() => Date.now());
