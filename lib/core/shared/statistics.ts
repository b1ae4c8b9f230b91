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

/** An estimate with the interval that holds the true value in 95 of 100 such samples. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number };

/**
 * The difference of two independent shares, the first less the second, with Newcombe's hybrid score interval: made of the
 * Wilson intervals of both, so that it is honest for few observations and near 0 and 1, and never leaves -1 to 1.
 *
 * @returns null where either has no observations
 * @source Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10
 */
export function differenceOfShares(one: Share, other: Share): Estimate | null {
  if (one.n === 0 || other.n === 0) return null;
  const [p, q] = [one.hits / one.n, other.hits / other.n];
  const value = p - q;
  const below = Math.hypot(p - one.low, other.high - q);
  const above = Math.hypot(one.high - p, q - other.low);
  return { value, low: value - below, high: value + above };
}

/** A mean of `n` values with their standard deviation; null where that is not known. */
export type Mean = { readonly n: number; readonly mean: number; readonly sd: number | null };

/** The mean of values, with their standard deviation as a sample; null for none. */
export function meanOf(values: readonly number[]): Mean | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, sd: n === 1 ? null : Math.sqrt(squares / (n - 1)) };
}

/**
 * The ratio of two independent means, the first over the second, with a normal interval of its logarithm (delta method):
 * times and costs are positive and skewed, and a ratio of them is not symmetric about 1.
 *
 * @returns null where a mean is not above 0, or where a standard deviation or more than one value is missing
 * @source Hedges, Gurevitch and Curtis, Ecology 80 (1999) 1150–1156, the log response ratio
 */
export function ratioOfMeans(one: Mean, other: Mean): Estimate | null {
  const [a, b] = [relativeVariance(one), relativeVariance(other)];
  if (a === null || b === null) return null;
  const value = one.mean / other.mean;
  const spread = Math.exp(Z * Math.sqrt(a + b));
  return { value, low: value / spread, high: value * spread };
}

/** The variance of a mean in proportion to its square. */
const relativeVariance = ({ n, mean, sd }: Mean): number | null =>
  n > 1 && mean > 0 && sd !== null ? (sd * sd) / (n * mean * mean) : null;

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
