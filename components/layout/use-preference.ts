"use client";

import { useSyncExternalStore } from "react";

import { PREFERENCES, Preferences } from "@/lib/core/workspaces/preferences";

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

const watchers = new Set<() => void>();

function watch(onChange: () => void): () => void {
  watchers.add(onChange);
  return () => watchers.delete(onChange);
}

/** What this browser prefers now, as the document's `data-` attributes say. */
export function currentPreferences(): Preferences {
  return Preferences.parse({ ...document.documentElement.dataset });
}

/** One preference with a way to change it: at once here, and by its cookie on the next page too. */
export function usePreference<Name extends keyof Preferences>(
  name: Name,
  initial: Preferences[Name],
): readonly [Preferences[Name], (value: string) => void] {
  const value = useSyncExternalStore(
    watch,
    () => currentPreferences()[name],
    () => initial,
  );
  const choose = (wanted: string) => {
    if (!PREFERENCES[name].options.some((option) => option.value === wanted)) return;
    document.documentElement.dataset[name] = wanted;
    document.cookie = `${PREFERENCES[name].cookie}=${wanted}; path=/; max-age=${A_YEAR_SECONDS}; samesite=lax`;
    for (const changed of watchers) changed();
  };
  return [value, choose];
}

/** Whether single-key shortcuts may act: they can be switched off in Settings (WCAG 2.1.4). */
export function useShortcutsEnabled(): boolean {
  return useSyncExternalStore(
    watch,
    () => currentPreferences().shortcuts === "on",
    () => false,
  );
}
