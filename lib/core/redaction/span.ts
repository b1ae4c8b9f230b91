import type { Detector } from "./schema";
import { DETECTORS } from "./detectors";

/** What a detector found in a text. */
export type Span = {
  readonly start: number;
  readonly end: number;
  readonly detector: Detector;
  /** The service whose key it is, where the key says so. */
  readonly service: string | null;
  /** The value in its one spelling, to be hashed: the same address or card is the same whatever it was wrapped in. */
  readonly plain: string;
};

/** Receives what is found. */
export type Found = (span: Span) => void;

const RANK = new Map(DETECTORS.map((detector, at) => [detector, at]));
const rankOf = ({ detector }: Span) => RANK.get(detector) ?? 0;

/** The spans in order without overlaps: two that overlap become one from the first's start to the last's end. */
export function merged(spans: readonly Span[]): readonly Span[] {
  if (spans.length < 2) return spans;
  const ordered = spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const result: Span[] = [];
  for (const span of ordered) {
    const last = result.at(-1);
    if (last === undefined || span.start >= last.end) {
      result.push(span);
      continue;
    }
    const named = rankOf(span) < rankOf(last) ? span : last;
    result[result.length - 1] = {
      ...named,
      start: last.start,
      end: Math.max(last.end, span.end),
    };
  }
  return result;
}
