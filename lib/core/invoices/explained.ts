/** Invoiced, and how much of it telemetry explains: never more than was invoiced. */
export type Explained = { readonly invoiced: bigint; readonly explained: bigint };

/** The smaller of two amounts. */
export const leastOf = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Orders amounts, the largest first. */
export const descending = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);

/** The part of what was invoiced that is not explained. */
export const gapOf = ({ invoiced, explained }: Explained): bigint => invoiced - explained;

/** Orders what went past us first, then what is explained least. */
export const byGap = (a: Explained & { readonly state?: string }, b: Explained & { readonly state?: string }): number =>
  Number(b.state === "past") - Number(a.state === "past") || descending(gapOf(a), gapOf(b));

/** The sum of parts. */
export function sumOf(parts: readonly Explained[]): Explained {
  let [invoiced, explained] = [0n, 0n];
  for (const part of parts) {
    invoiced += part.invoiced;
    explained += part.explained;
  }
  return { invoiced, explained };
}

const SHARE_SCALE = 1_000_000n;

/** Explained over invoiced, 0 to 1, rounded down, so that only a whole one says 1; null where nothing is invoiced. */
export const shareOf = ({ invoiced, explained }: Explained): number | null =>
  invoiced === 0n ? null : Number((explained * SHARE_SCALE) / invoiced) / Number(SHARE_SCALE);
