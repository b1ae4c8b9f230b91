"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

import { useEvents } from "./use-events";

type RefreshOnProps = {
  topics: readonly string[];
  /** The shortest time between two refreshes: a busy agent must not keep the page from being read. */
  everyMs?: number | undefined;
};

/** Draws the page again, in place, when one of these things happens. */
export function RefreshOn({ topics, everyMs = 2_000 }: RefreshOnProps) {
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  useEvents(topics, () => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      router.refresh();
    }, everyMs);
  });
  return null;
}
