/** A share of `n` with the interval that holds the true one in 95 of 100 such samples. */
export type Share = { readonly hits: number; readonly n: number; readonly low: number; readonly high: number };

/** The 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The Wilson score interval of a share: honest for few observations and for shares near 0 and 1.
 *
 * @source Wilson 1927; Newcombe, Statistics in Medicine 17 (1998), method 3
 */
export function wilson(hits: number, n: number): Share {
  if (n === 0) return { hits, n, low: 0, high: 1 };
  const p = hits / n;
  const z2 = Z * Z;
  const centre = p + z2 / (2 * n);
  const spread = Z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  // At the ends the formula gives 0 and 1, but for rounding.
  const low = hits === 0 ? 0 : Math.max(0, (centre - spread) / scale);
  const high = hits === n ? 1 : Math.min(1, (centre + spread) / scale);
  return { hits, n, low, high };
}

/** How two people's answers to the same actions fall together: did both say yes, one of them, or neither? */
export type Agreement = {
  readonly bothYes: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly bothNo: number;
};

/**
 * Cohen's kappa: agreement beyond what two people who answer at their own rates reach by chance. Null where it is not
 * defined: without answers, or when each gave one answer throughout and the same.
 *
 * @source Cohen, Educational and Psychological Measurement 20 (1960)
 */
export function kappa({ bothYes, onlyFirst, onlySecond, bothNo }: Agreement): number | null {
  const n = bothYes + onlyFirst + onlySecond + bothNo;
  if (n === 0) return null;
  const observed = (bothYes + bothNo) / n;
  const yes = ((bothYes + onlyFirst) / n) * ((bothYes + onlySecond) / n);
  const no = ((onlySecond + bothNo) / n) * ((onlyFirst + bothNo) / n);
  const chance = yes + no;
  return chance === 1 ? null : (observed - chance) / (1 - chance);
}

/** The value below which the share `q` of all values lies, by nearest rank: a value that occurred. Null for none. */
export function quantile(values: readonly number[], q: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}

/** The value below which the share `q` of sorted values lies, interpolated between the two nearest. Null for none. */
export function quantileOfSorted(sorted: readonly number[], q: number): number | null {
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)];
  if (below === undefined) return null;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** Fewer than this many observations are named by their number and never called a rate. */
export const FEWEST_FOR_RATE = 20;

/** Fewer people than this could be told apart behind a number. */
export const FEWEST_PEOPLE = 5;
