/** The middle of several measurements, with the least and the most. */
export type Spread = { readonly median: number; readonly least: number; readonly most: number };

/** The value below which `share` of the numbers lie. NaN when there are none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Median, least and most; null when nothing was measured, or one of the measurements is missing. */
export function spreadOf(numbers: readonly (number | null)[]): Spread | null {
  const known = numbers.filter((each) => each !== null && Number.isFinite(each)).map(Number);
  if (known.length === 0 || known.length < numbers.length) return null;
  const sorted = known.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return { median: (low + high) / 2, least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 };
}

/** How far the last two windows differ, as a share of the smaller one; null before there are two. */
export function lastDifference(windows: readonly number[]): number | null {
  const [before, last] = windows.slice(-2);
  if (before === undefined || last === undefined) return null;
  const least = Math.min(before, last);
  return least > 0 ? Math.abs(last - before) / least : null;
}

/** One number divided by another; null when either is missing or there is nothing to divide by. */
export function ratioOf(one: number | null | undefined, other: number | null | undefined): number | null {
  if (one === null || one === undefined || !other) return null;
  const ratio = one / other;
  return Number.isFinite(ratio) ? ratio : null;
}
