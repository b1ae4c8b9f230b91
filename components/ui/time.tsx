"use client";

import { use, useSyncExternalStore } from "react";

import { absoluteTime, timeText, type TimeMode } from "./time-text";
import { Viewer } from "./viewer";

type TimeProps = {
  at: string | Date;
  /** `relative` puts "3 min. ago" before the clock; `clock` is the time of day, `minute` without seconds; `date` is day and time. */
  mode?: TimeMode | undefined;
};

const UNKNOWN = "unknown time";
const TICK_MS = 1_000;

const subscribers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** One timer for all times on the page. Each is drawn again only when its own text changes. */
function subscribe(onTick: () => void): () => void {
  subscribers.add(onTick);
  ticking ??= setInterval(() => {
    for (const tell of subscribers) tell();
  }, TICK_MS);
  return () => {
    subscribers.delete(onTick);
    if (subscribers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/**
 * A moment in the viewer's zone, or in UTC when they prefer it; ISO with zone on hover. The server renders the same once it
 * knows the browser's zone, so that nothing moves when scripts take over, and UTC before that.
 */
export function Time({ at, mode = "relative" }: TimeProps) {
  const date = typeof at === "string" ? new Date(at) : at;
  const known = !Number.isNaN(date.getTime());
  const { readIn, nowMs } = use(Viewer);
  const drawn = () => (readIn === null ? absoluteTime(date, mode, "utc", null) : timeText(date, mode, readIn, nowMs));
  const now = () => {
    const isUtc = document.documentElement.dataset.zone === "utc";
    return timeText(date, mode, isUtc ? "utc" : { zone: undefined }, Date.now());
  };
  const text = useSyncExternalStore(
    subscribe,
    () => (known ? now() : UNKNOWN),
    () => (known ? drawn() : UNKNOWN),
  );
  if (!known) return <span>{text}</span>;
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()} className="whitespace-nowrap">
      {text}
    </time>
  );
}
