"use client";

import { useLiveState } from "./use-events";

const WORDS = { connecting: "Connecting…", live: "Live", reconnecting: "Reconnecting…" } as const;
const HINTS = {
  connecting: "Opening the stream of changes",
  live: "This page shows changes as they happen",
  reconnecting: "The stream of changes is interrupted. What you see may be old; it will catch up by itself.",
} as const;

/** Says whether the page is live, so that stale is never mistaken for quiet. */
export function LiveHint() {
  const state = useLiveState();
  return (
    <span
      role="status"
      title={HINTS[state]}
      className="inline-flex items-center gap-1.5 text-xs whitespace-nowrap text-muted"
    >
      <svg viewBox="0 0 8 8" aria-hidden="true" className="size-2">
        <circle cx="4" cy="4" r="3" fill={state === "live" ? "currentColor" : "none"} stroke="currentColor" />
      </svg>
      {WORDS[state]}
    </span>
  );
}
