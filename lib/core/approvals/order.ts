/** How much nearness of the deadline adds, and over what time it fades. */
const URGENCY_SECONDS = 300;
const FLOOR_SECONDS = 60;

/**
 * Where an action stands on the desk: expected harm times urgency, higher first, never order of arrival.
 *
 * Urgency is 6 at the deadline, about 2 with four minutes left and towards 1 with hours.
 *
 * @param score 0 ≤ score ≤ 100
 * @param secondsLeft until it expires; less than 0 counts as 0
 */
export function deskPriority(score: number, secondsLeft: number): number {
  return Math.max(1, score) * (1 + URGENCY_SECONDS / (FLOOR_SECONDS + Math.max(0, secondsLeft)));
}

type Ordered = {
  readonly id: string;
  readonly score: number;
  readonly expiresAt: Date;
  readonly escalatedAt?: Date | null;
};

/**
 * Sorts by `deskPriority`; equal ones by id, which is by age, so that the order never flickers. What was escalated is
 * pinned to the top.
 */
export function inDeskOrder<T extends Ordered>(items: readonly T[], now: Date): readonly T[] {
  const pinned = (item: T) => (item.escalatedAt ? 1 : 0);
  const priority = (item: T) => deskPriority(item.score, (item.expiresAt.getTime() - now.getTime()) / 1000);
  return items.toSorted((a, b) => pinned(b) - pinned(a) || priority(b) - priority(a) || (a.id < b.id ? -1 : 1));
}
