"use client";

import { useSyncExternalStore } from "react";

// One help for all pages, opened from wherever it is asked for.
let open = false;
const watchers = new Set<() => void>();

export function showHelp(shown: boolean): void {
  open = shown;
  for (const changed of watchers) changed();
}

export function useHelpShown(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
    () => open,
    () => false,
  );
}
