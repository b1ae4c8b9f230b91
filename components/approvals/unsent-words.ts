"use client";

import { useSyncExternalStore } from "react";

// What somebody was writing about an action when it was decided elsewhere. Kept while the tab is open, so that it can be
// copied from the page that says so.
const words = new Map<string, string>();
const watchers = new Set<() => void>();

/** Keeps what is being written about an action. */
export function keepWords(approvalId: string, text: string): void {
  words.set(approvalId, text);
  for (const changed of watchers) changed();
}

export function useKeptWords(approvalId: string): string {
  return useSyncExternalStore(
    (onChange) => {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
    () => words.get(approvalId) ?? "",
    () => "",
  );
}
