"use client";

import { useSyncExternalStore } from "react";

import { SECOND_MS } from "@/lib/core/shared/time";

/** An approval that can still be taken back. It outlives the page it was given on: the desk has gone on meanwhile. */
export type Undoable = { readonly approvalId: string; readonly untilMs: number };

let current: Undoable | null = null;
const watchers = new Set<() => void>();

function set(next: Undoable | null): void {
  current = next;
  for (const changed of watchers) changed();
}

/** Offers to take an approval back for so many seconds. Of two, the later one is offered. */
export function offerUndo(approvalId: string, seconds: number): void {
  const offered = { approvalId, untilMs: Date.now() + seconds * SECOND_MS };
  set(offered);
  setTimeout(() => withdrawUndo(offered), seconds * SECOND_MS);
}

/** Offers it no more. */
export function withdrawUndo(offered: Undoable): void {
  if (current === offered) set(null);
}

function watch(onChange: () => void): () => void {
  watchers.add(onChange);
  return () => watchers.delete(onChange);
}

/** What can be taken back now; null for nothing. */
export function useUndoable(): Undoable | null {
  return useSyncExternalStore(
    watch,
    () => current,
    () => null,
  );
}
