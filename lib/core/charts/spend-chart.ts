import type { SpendPage } from "@/lib/core/figures/spend";

import { type Chart, type ChartLine, type ChartNote, sumAmounts } from "./chart";
import { bucketName, byBucket, chartBuckets, shownRange } from "./shown-range";
import { momentWords } from "./time-words";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** What happened in the range, lettered in the order of time: the latest, as many as there are letters. */
export function spendNotes({ annotations, range }: Pick<SpendPage, "annotations" | "range">): readonly ChartNote[] {
  return annotations
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .slice(-LETTERS.length)
    .map(({ at, text, href }, index) => ({
      letter: LETTERS.charAt(index),
      at: at.toISOString(),
      when: momentWords(at, range.zone),
      text,
      href,
    }));
}

/** The chart of what was spent over time: all of it, the agents that cost most, and the period before. */
export function spendChart(page: Pick<SpendPage, "range" | "series" | "annotations">, now: Date): Chart {
  const { range, series } = page;
  const parts: readonly ChartLine[] = series.map(({ key, label, isOthers, costs }) => ({
    key: isOthers ? "" : label,
    name: label || key,
    amounts: costs,
    role: isOthers ? "others" : "part",
  }));
  const total: ChartLine = {
    key: "",
    name: "All",
    amounts: sumAmounts(series.map(({ costs }) => costs)),
    role: "total",
  };
  const compared = shownRange(range, now).comparedWords;
  const before = series.map(({ costsBefore }) => costsBefore);
  const isCompared = compared !== null && before.length > 0 && before.every((costs) => costs !== null);
  return {
    title: `Spend ${byBucket(range)}`,
    unit: "usd",
    bucketName: bucketName(range),
    buckets: chartBuckets(range, range),
    until: range.to.toISOString(),
    lines: [total, ...(parts.length > 1 ? parts : [])],
    before: isCompared
      ? { name: compared, amounts: sumAmounts(before.filter((costs) => costs !== null)).slice(0, range.buckets.length) }
      : undefined,
    notes: spendNotes(page),
  };
}

const size = (value: bigint) => (value < 0n ? -value : value);

/** The agent whose spend differs most from before; without a comparison, the one that cost most. */
export function movedMost({ series }: Pick<SpendPage, "series">): string | null {
  const moved = series
    .filter(({ isOthers }) => !isOthers)
    .map(({ label, totalPicos, totalPicosBefore }) => ({
      label,
      by: size(BigInt(totalPicos) - BigInt(totalPicosBefore ?? "0")),
    }))
    .toSorted((a, b) => (a.by === b.by ? 0 : a.by > b.by ? -1 : 1))[0];
  return moved && moved.by > 0n ? moved.label : null;
}
