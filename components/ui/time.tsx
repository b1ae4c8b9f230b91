"use client";

import { useSyncExternalStore } from "react";

import { absoluteTime, relativeTime, type TimeMode } from "./time-text";

type TimeProps = {
  at: string | Date;
  /** `relative` puts "3 min ago" beside the clock; `clock` is the time of day; `date` is day and time. */
  mode?: TimeMode | undefined;
};

const TICK_MS = 15_000;

const subscribers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;
let nowMs = 0;

/** One timer for all times on the page: they change together and cost one render. */
function subscribe(onTick: () => void): () => void {
  subscribers.add(onTick);
  if (ticking === undefined) {
    nowMs = Date.now();
    ticking = setInterval(() => {
      nowMs = Date.now();
      for (const tell of subscribers) tell();
    }, TICK_MS);
  }
  return () => {
    subscribers.delete(onTick);
    if (subscribers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

const currentMs = () => (nowMs === 0 ? (nowMs = Date.now()) : nowMs);
const onServer = () => null;

/** A moment in the viewer's zone, or in UTC when they prefer it; ISO with zone on hover. The server renders UTC. */
export function Time({ at, mode = "relative" }: TimeProps) {
  const now = useSyncExternalStore(subscribe, currentMs, onServer);
  const date = typeof at === "string" ? new Date(at) : at;
  if (Number.isNaN(date.getTime())) return <span>unknown time</span>;

  const inUtc = now === null || document.documentElement.dataset.zone === "utc";
  const absolute = absoluteTime(date, mode, inUtc, now);
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()} className="whitespace-nowrap">
      {mode === "relative" && now !== null ? `${relativeTime(date.getTime() - now)} · ${absolute}` : absolute}
    </time>
  );
}
