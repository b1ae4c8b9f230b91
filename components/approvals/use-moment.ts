"use client";

import { useEffect, useRef } from "react";

import { SECOND_MS } from "@/lib/core/shared/time";

/**
 * Calls back once when a moment comes; not for one that is past.
 *
 * @param now the database's time when the page was made: this computer's clock may be wrong
 */
export function useMoment(at: Date | null, now: Date, onMoment: () => void): void {
  const latest = useRef(onMoment);
  useEffect(() => {
    latest.current = onMoment;
  });
  const [atMs, nowMs] = [at?.getTime() ?? null, now.getTime()];
  useEffect(() => {
    if (atMs === null || atMs <= nowMs) return;
    // A little later than exactly: the server must see it as past too.
    const timer = setTimeout(() => latest.current(), atMs - nowMs + SECOND_MS / 4);
    return () => clearTimeout(timer);
  }, [atMs, nowMs]);
}
