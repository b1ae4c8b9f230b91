"use client";

import { useEffect, useState } from "react";

import { SECOND_MS } from "@/lib/core/shared/time";

/** Seconds this page has been visible and in focus, from `initial` on. What is not being looked at does not count. */
export function useDwell(initial: number, counting: boolean): number {
  const [seconds, setSeconds] = useState(initial);
  const [known, setKnown] = useState(initial);
  if (initial !== known) {
    setKnown(initial);
    setSeconds(Math.max(seconds, initial));
  }
  useEffect(() => {
    if (!counting) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && document.hasFocus()) setSeconds((before) => before + 1);
    }, SECOND_MS);
    return () => clearInterval(timer);
  }, [counting]);
  return seconds;
}
