import { quantileOfSorted } from "@/lib/core/shared/statistics";

/** The usual of a value: what it was at the same hours of past weeks. */
export type Usual = {
  readonly median: number;
  /** The 5th and 95th percentile. */
  readonly low: number;
  readonly high: number;
  /** Of how many past windows. */
  readonly n: number;
};

/** Fewer past windows say nothing about what is usual. */
const LEAST_SAMPLES = 6;

/** The median and the 5–95 percentile band of past values; null when there are too few to say. */
export function usualOf(values: readonly number[]): Usual | null {
  if (values.length < LEAST_SAMPLES) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => quantileOfSorted(sorted, share) ?? 0;
  return { median: at(0.5), low: at(0.05), high: at(0.95), n: sorted.length };
}
