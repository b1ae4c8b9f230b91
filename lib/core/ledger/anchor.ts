import { z } from "zod";

/** How far a ledger was, kept outside its database: its size and the hash of its last leaf. */
export const Anchor = z.object({ size: z.int().min(1), leaf: z.string() });
export type Anchor = z.infer<typeof Anchor>;

/** The anchors of an installation by workspace. A damaged file anchors nothing. */
export const Anchors = z.record(z.string(), Anchor).catch({});
export type Anchors = z.infer<typeof Anchors>;

/**
 * Whether a database is older than what was seen of it before, or another one: a restored copy.
 *
 * @param leaf the hash of the leaf that the database has at the anchor's last index; null when it has none
 */
export function isRestored(anchor: Anchor, leaf: string | null): boolean {
  return leaf !== anchor.leaf;
}
