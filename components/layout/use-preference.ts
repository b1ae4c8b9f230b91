"use client";

import { useSyncExternalStore } from "react";

import { createWatchers } from "@/components/ui/watchers";
import { PREFERENCES, type Preferences, readPreferences } from "@/lib/core/workspaces/preferences";
import { type Bindings, KEYS_COOKIE, textOfBindings } from "@/lib/core/workspaces/shortcuts";

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

const watchers = createWatchers();

/** What this browser prefers now, as the document's `data-` attributes say. */
export function currentPreferences(): Preferences {
  const { dataset } = document.documentElement;
  return readPreferences((name) => dataset[name]);
}

/** One preference with a way to change it: at once here, and by its cookie on the next page too. */
export function usePreference<Name extends keyof Preferences>(
  name: Name,
  initial: Preferences[Name],
): readonly [Preferences[Name], (value: string) => void] {
  const value = useSyncExternalStore(
    watchers.watch,
    () => currentPreferences()[name],
    () => initial,
  );
  const choose = (wanted: string) => {
    if (!PREFERENCES[name].options.some((option) => option.value === wanted)) return;
    document.documentElement.dataset[name] = wanted;
    keep(PREFERENCES[name].cookie, wanted);
  };
  return [value, choose];
}

/** Keeps a cookie for a year and tells everyone who shows what it says. */
function keep(cookie: string, value: string): void {
  keepCookie(cookie, value);
  watchers.tell();
}

/** Keeps a cookie for a year. */
export function keepCookie(cookie: string, value: string): void {
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}=${value}; path=/; max-age=${A_YEAR_SECONDS}; samesite=lax${secure}`;
}

/** Whether single keys act in this browser: they can be switched off in Settings (WCAG 2.1.4). */
export const isKeysOn = (): boolean => currentPreferences().shortcuts === "on";

/** The same for a component, which is drawn again when it changes. */
export function useShortcutsEnabled(): boolean {
  return useSyncExternalStore(watchers.watch, isKeysOn, () => false);
}

/** What this browser has changed about its keys, as text; null while keys are off. */
export function useKeysText(): string | null {
  return useSyncExternalStore(
    watchers.watch,
    () => (isKeysOn() ? keysText() : null),
    () => "",
  );
}

/** The same whether keys are on or off, for the page that changes them. */
export function useChosenKeys(): readonly [string, (bindings: Bindings) => void] {
  const text = useSyncExternalStore(watchers.watch, keysText, () => "");
  const choose = (bindings: Bindings) => {
    const wanted = textOfBindings(bindings);
    document.documentElement.dataset["keys"] = wanted;
    keep(KEYS_COOKIE, encodeURIComponent(wanted));
  };
  return [text, choose];
}

const keysText = () => document.documentElement.dataset["keys"] ?? "";
