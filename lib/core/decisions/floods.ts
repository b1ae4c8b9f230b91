import { MINUTE_MS, SECOND_MS } from "@/lib/core/shared/time";

import type { StandingAsking } from "./standing";

/** A series of refusals for asking too much starts over after this. */
const SERIES_SECONDS = (10 * MINUTE_MS) / SECOND_MS;
const PAUSE_SECONDS = (30 * MINUTE_MS) / SECOND_MS;

/**
 * Counts a refusal for asking too much. As many within ten minutes as there are places for requests pause the agent for
 * half an hour.
 *
 * @returns whether this refusal paused it
 */
export function countFlood(asking: StandingAsking, seconds: number): boolean {
  const { since, pausedUntil } = asking;
  const isOver = pausedUntil === null ? since === null || since <= seconds - SERIES_SECONDS : pausedUntil <= seconds;
  if (isOver) {
    asking.since = seconds;
    asking.refused = 0;
    asking.pausedUntil = null;
  }
  asking.refused += 1;
  if (asking.pausedUntil !== null || asking.refused < asking.most) return false;
  asking.pausedUntil = seconds + PAUSE_SECONDS;
  return true;
}
