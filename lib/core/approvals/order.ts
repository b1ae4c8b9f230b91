import type { Band } from "@/lib/core/decisions/schema";

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

type Prioritised = {
  readonly id: string;
  readonly score: number;
  readonly expiresAt: Date;
  readonly escalatedAt?: Date | null;
};

/**
 * Sorts by `deskPriority`; equal ones by id, which is by age, so that the order never flickers. What was escalated is
 * pinned to the top.
 */
export function inDeskOrder<T extends Prioritised>(items: readonly T[], now: Date): readonly T[] {
  const pinned = (item: T) => (item.escalatedAt ? 1 : 0);
  const priority = (item: T) => deskPriority(item.score, (item.expiresAt.getTime() - now.getTime()) / 1000);
  return items.toSorted((a, b) => pinned(b) - pinned(a) || priority(b) - priority(a) || (a.id < b.id ? -1 : 1));
}

/** A critical action this near its end, or past it, stands before everything else, and nothing so near is shuffled. */
export const PIN_SECONDS = 300;

export type Ordered = Prioritised & { readonly band: Band };

/** Whether an action stands before everything else: critical, and nearly or quite overdue. */
export function isPinned(item: Pick<Ordered, "band" | "expiresAt">, now: Date): boolean {
  return item.band === "critical" && secondsLeft(item, now) <= PIN_SECONDS;
}

/**
 * The order of one reviewer. Which band comes at which place is the same for everybody: expected harm times time left,
 * pinned ones first. Which action of a band comes at its places is shuffled for each person, always the same for the
 * same person, so that not everybody looks at the same action last. What is due soon is not shuffled.
 */
export function inReviewerOrder<T extends Ordered>(items: readonly T[], memberId: string, now: Date): readonly T[] {
  const byDeadline = (a: T, b: T) => a.expiresAt.getTime() - b.expiresAt.getTime() || (a.id < b.id ? -1 : 1);
  const pinned = items.filter((item) => isPinned(item, now)).toSorted(byDeadline);
  const rest = inDeskOrder(
    items.filter((item) => !isPinned(item, now)),
    now,
  );
  const ofBand = new Map<Band, T[]>();
  for (const band of new Set(rest.map((item) => item.band))) {
    const members = rest.filter((item) => item.band === band);
    const soon = members.filter((item) => secondsLeft(item, now) <= PIN_SECONDS).toSorted(byDeadline);
    const later = members.filter((item) => secondsLeft(item, now) > PIN_SECONDS);
    ofBand.set(band, [...soon, ...shuffled(later, memberId)]);
  }
  return [...pinned, ...rest.map((item) => ofBand.get(item.band)?.shift() ?? item)];
}

function shuffled<T extends { readonly id: string }>(items: readonly T[], memberId: string): readonly T[] {
  const keyed = items.map((item) => ({ item, key: scramble(`${memberId}:${item.id}`) }));
  return keyed.toSorted((a, b) => a.key - b.key || (a.item.id < b.item.id ? -1 : 1)).map(({ item }) => item);
}

/** 32 bits that depend on every character. It spreads; it keeps no secret. @source FNV-1a, finished as MurmurHash3 is */
function scramble(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const secondsLeft = (item: Pick<Ordered, "expiresAt">, now: Date) => (item.expiresAt.getTime() - now.getTime()) / 1000;
