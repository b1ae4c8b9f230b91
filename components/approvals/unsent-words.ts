"use client";

import { useSyncExternalStore } from "react";

import { createWatchers } from "@/components/ui/watchers";

// What somebody was writing about an action when it was decided elsewhere. Kept while the tab is open, so that it can be
// copied from the page that says so.
const words = new Map<string, string>();
const watchers = createWatchers();

/** Keeps what is being written about an action. */
export function keepWords(approvalId: string, text: string): void {
  words.set(approvalId, text);
  watchers.tell();
}

export function useKeptWords(approvalId: string): string {
  return useSyncExternalStore(
    watchers.watch,
    () => words.get(approvalId) ?? "",
    () => "",
  );
}
