"use client";

import { useSyncExternalStore } from "react";

import { createWatchers } from "@/components/ui/watchers";

// One help for all pages, opened from wherever it is asked for.
let open = false;
const watchers = createWatchers();

export function showHelp(shown: boolean): void {
  open = shown;
  watchers.tell();
}

export function useHelpShown(): boolean {
  return useSyncExternalStore(
    watchers.watch,
    () => open,
    () => false,
  );
}
