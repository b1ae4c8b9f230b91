"use client";

import { useCallback, useSyncExternalStore } from "react";

import { createWatchers } from "@/components/ui/watchers";
import { NOTHING_YET, type ReviewMemory, reviewMemoryOf } from "@/lib/core/approvals/review-memory";

const known = new Map<string, ReviewMemory>();
const watchers = createWatchers();

const keyOf = (id: string) => `interlock-review:${id}`;

function recall(id: string): ReviewMemory {
  const memory = known.get(id) ?? reviewMemoryOf(stored(keyOf(id)));
  known.set(id, memory);
  return memory;
}

function stored(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // no storage here: a review starts anew after leaving, and nothing else is lost
  }
}

function keep(id: string, memory: ReviewMemory): void {
  known.set(id, memory);
  watchers.tell();
  try {
    sessionStorage.setItem(keyOf(id), JSON.stringify(memory));
  } catch {
    // as above
  }
}

const onServer = () => NOTHING_YET;

/**
 * What was done in this review so far, kept in the tab, so that leaving and coming back loses nothing.
 *
 * @param id the action with the digest of its display: another display is another review
 */
export function useReviewMemory(
  id: string,
): readonly [ReviewMemory, (change: (before: ReviewMemory) => ReviewMemory) => void] {
  const memory = useSyncExternalStore(watchers.watch, () => recall(id), onServer);
  const change = useCallback((next: (before: ReviewMemory) => ReviewMemory) => keep(id, next(recall(id))), [id]);
  return [memory, change];
}
