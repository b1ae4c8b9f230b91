/** A place outside this database that is told each checkpoint. `name` is what people see; it holds no secret. */
export type AnchorDestination =
  | { readonly kind: "file"; readonly name: string; readonly path: string }
  | {
      readonly kind: "webhook";
      readonly name: string;
      readonly url: string;
      readonly secret: string | null;
      readonly allowPrivate: boolean;
    };

/** Entries after which a destination is told again, however short the time. */
export const ANCHOR_EVERY_ENTRIES = 10_000n;

/**
 * Whether a destination should be told of the head now: at once the first time and on demand, else each hour and each
 * ten thousand entries. After a failure the pause grows, up to an hour.
 */
export function isAnchorDue(
  last: {
    readonly size: bigint;
    readonly deliveredAt: Date | null;
    readonly attempts: number;
    readonly attemptedAt: Date | null;
  },
  head: { readonly size: bigint },
  now: Date,
): boolean {
  if (head.size <= last.size) return false;
  if (last.attempts > 0 && last.attemptedAt !== null) {
    const pauseMs = Math.min(HOUR_MS, FIRST_PAUSE_MS * 2 ** Math.min(20, last.attempts - 1));
    if (now.getTime() - last.attemptedAt.getTime() < pauseMs) return false;
  }
  if (last.deliveredAt === null) return true;
  return head.size - last.size >= ANCHOR_EVERY_ENTRIES || now.getTime() - last.deliveredAt.getTime() >= HOUR_MS;
}

const HOUR_MS = 3_600_000;
const FIRST_PAUSE_MS = 30_000;
