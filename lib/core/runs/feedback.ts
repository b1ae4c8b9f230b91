import { z } from "zod";

import type { StoryRow } from "./story";

/** What an end user is said to think of a run or of something in it. It is what a key's holder claims. */
export const RunFeedback = z.object({
  id: z.uuid(),
  at: z.date(),
  /** The agent whose key sent it, and the key's last characters; null for a key that is no longer known. */
  agent: z.string(),
  key_hint: z.string().nullable(),
  /** Null where it is about the run. */
  trace_id: z.string().nullable(),
  event_id: z.string().nullable(),
  /** The end user, as the sender's own system names them. */
  user: z.string().nullable(),
  rating: z.number().nullable(),
  label: z.string().nullable(),
  comment: z.string().nullable(),
  correction: z.string().nullable(),
});
export type RunFeedback = z.infer<typeof RunFeedback>;

/**
 * Puts feedback into a run's rows: below the row of the event it is about, else at its own time.
 *
 * @param rows in the order they are shown
 * @param rowOf the row of an event, by trace and span; undefined where the run has none
 */
export function placeFeedback(
  rows: readonly StoryRow[],
  feedback: readonly RunFeedback[],
  rowOf: (traceId: string, eventId: string) => string | undefined,
): readonly StoryRow[] {
  if (feedback.length === 0) return rows;
  const depths = new Map(rows.map(({ id, depth }) => [id, depth]));
  const below = new Map<string, StoryRow[]>();
  const loose: StoryRow[] = [];
  for (const said of feedback.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const { trace_id: trace, event_id: event } = said;
    const row = trace === null || event === null ? undefined : rowOf(trace, event);
    const depth = row === undefined ? undefined : depths.get(row);
    if (row === undefined || depth === undefined) loose.push(rowOfFeedback(said, 0));
    else below.set(row, [...(below.get(row) ?? []), rowOfFeedback(said, depth + 1)]);
  }
  const placed: StoryRow[] = [];
  let next = 0;
  for (const row of rows) {
    for (; next < loose.length && (loose[next]?.at ?? "") < row.at; next += 1)
      placed.push(...loose.slice(next, next + 1));
    placed.push(row, ...(below.get(row.id) ?? []));
  }
  return [...placed, ...loose.slice(next)];
}

function rowOfFeedback(said: RunFeedback, depth: number): StoryRow {
  const { id, at, agent, key_hint: keyHint, trace_id: trace, event_id: event, ...rest } = said;
  const about = event !== null ? "event" : trace !== null ? "trace" : "run";
  return {
    id: `feedback-${id}`,
    at: at.toISOString(),
    endAt: null,
    depth,
    costUsd: null,
    error: null,
    fault: (said.rating ?? 0) < 0 || said.correction !== null,
    told: { kind: "feedback", agent, keyHint, about, ...rest },
  };
}

/** A rating as people write it, with its sign: `+1`, `−0.5`, `0`. */
export function ratingText(rating: number): string {
  const size = String(Math.abs(rating));
  return rating === 0 ? "0" : `${rating < 0 ? "−" : "+"}${size}`;
}
