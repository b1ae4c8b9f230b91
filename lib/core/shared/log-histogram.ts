/**
 * A histogram whose buckets grow by a fixed factor, so that quantiles of values of any size are known to about 9 percent.
 * Bucket 0 holds values below 1; bucket `i` holds those from 2^((i-1)/4) up to, but without, 2^(i/4).
 */

const PER_OCTAVE = 4;
const LAST_BUCKET = 40 * PER_OCTAVE;

/** The bucket of a value that is not negative. Values of 2^40 and more share the last one. */
export function bucketOf(value: number): number {
  if (!(value >= 1)) return 0;
  const bucket = Math.floor(Math.log2(value) * PER_OCTAVE) + 1;
  return Math.min(bucket, LAST_BUCKET);
}

/** Where a bucket ends. */
const upperBound = (bucket: number): number => 2 ** (bucket / PER_OCTAVE);

/** Counts one value in a list of counts, which grows as far as it must. */
export function countValue(counts: number[], value: number): void {
  const bucket = bucketOf(value);
  while (counts.length <= bucket) counts.push(0);
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

/**
 * The value that the share `q` of all values does not exceed, as the middle of its bucket; null without values.
 *
 * @param q from 0 to 1
 */
export function quantileOf(counts: readonly number[], q: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    seen += count;
    if (seen >= rank) return bucket === 0 ? 0 : Math.sqrt(upperBound(bucket - 1) * upperBound(bucket));
  }
  return null;
}
