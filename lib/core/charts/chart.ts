import { csvRow } from "@/lib/core/shared/csv";

import { amountCell, amountText, type Unit } from "./units";

/** One amount a bucket, exact text as its unit has it; null where nothing is known. */
export type Amounts = readonly (string | null)[];

export type ChartBucket = {
  /** ISO 8601; the bucket ends where the next begins, or with the chart's `until`. */
  readonly at: string;
  /** In full, for a table and a reader. */
  readonly words: string;
  /** Short, beside the axis. */
  readonly short: string;
};

export type ChartLine = {
  readonly key: string;
  readonly name: string;
  readonly amounts: Amounts;
  /** `total` is drawn in the text colour; `others` is what the named lines leave of it. */
  readonly role: "total" | "part" | "others";
};

/** Something that happened, told at its moment. The letter is the same in every chart of a page. */
export type ChartNote = {
  readonly letter: string;
  readonly at: string;
  readonly when: string;
  readonly text: string;
  readonly href: string;
};

/** What a chart shows, before anything is drawn: the table, the file and the plot are made of the same. */
export type Chart = {
  /** What is shown, `Spend by day`; the name of the chart, its table and its file. */
  readonly title: string;
  readonly unit: Unit;
  readonly buckets: readonly ChartBucket[];
  readonly until: string;
  /** What the first column names: `Day`, `Hour, Europe/Berlin`. */
  readonly bucketName: string;
  /** At most one total and six parts with their others: `foldLines` sees to it. */
  readonly lines: readonly ChartLine[];
  /** Draws the parts as bars, one upon the other, that add up to the total; lines unless given. */
  readonly shape?: "bars" | undefined;
  /** The period compared with, bucket by bucket. `name` says which it is. */
  readonly before?: { readonly name: string; readonly amounts: Amounts } | undefined;
  /** What is usual, as a band. */
  readonly usual?: { readonly name: string; readonly low: Amounts; readonly high: Amounts } | undefined;
  /** What is expected from here on, with its band; null up to the bucket it begins with. */
  readonly forecast?:
    | { readonly name: string; readonly amounts: Amounts; readonly low: Amounts; readonly high: Amounts }
    | undefined;
  readonly caps?: readonly { readonly name: string; readonly amount: string }[] | undefined;
  readonly notes?: readonly ChartNote[] | undefined;
};

/** How many series a chart names beside their total. */
export const MOST_LINES = 6;

/** Adds up amounts bucket by bucket, exactly where they are whole numbers; null only where all are. */
export function sumAmounts(lists: readonly Amounts[]): Amounts {
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, at) =>
    lists.reduce<string | null>((sum, list) => {
      const amount = list[at] ?? null;
      if (amount === null) return sum;
      return sum === null ? amount : addExact(sum, amount);
    }, null),
  );
}

function addExact(a: string, b: string): string {
  const areWhole = /^-?\d+$/.test(a) && /^-?\d+$/.test(b);
  return areWhole ? String(BigInt(a) + BigInt(b)) : String(Number(a) + Number(b));
}

/** Keeps the first lines and adds up the rest, so that no chart has more than people can tell apart. */
export function foldLines(parts: readonly ChartLine[], most = MOST_LINES): readonly ChartLine[] {
  if (parts.length <= most) return parts;
  const [kept, rest] = [parts.slice(0, most - 1), parts.slice(most - 1)];
  const others: ChartLine = {
    key: "",
    name: `${rest.length} others`,
    amounts: sumAmounts(rest.map(({ amounts }) => amounts)),
    role: "others",
  };
  return [...kept, others];
}

type Column = { readonly name: string; readonly amounts: Amounts };

/** The columns of a chart's table and file, beside the buckets. */
export function columnsOf(chart: Chart): readonly Column[] {
  const { lines, before, usual, forecast } = chart;
  const total = lines.filter(({ role }) => role === "total");
  const parts = lines.filter(({ role }) => role !== "total");
  return [
    ...total,
    ...(before ? [before] : []),
    ...parts,
    ...(usual ? [low(usual), high(usual)] : []),
    ...(forecast ? [forecast, low(forecast), high(forecast)] : []),
  ];
}

type Banded = { readonly name: string; readonly low: Amounts; readonly high: Amounts };
const low = (band: Banded): Column => ({ name: `${band.name}, low`, amounts: band.low });
const high = (band: Banded): Column => ({ name: `${band.name}, high`, amounts: band.high });

/** What a reader is told of one bucket: every line that has an amount there. */
export function bucketSentence(chart: Chart, at: number): string {
  const told = columnsOf(chart).flatMap(({ name, amounts }) => {
    const amount = amounts[at] ?? null;
    return amount === null ? [] : [`${name} ${amountText(chart.unit, amount)}`];
  });
  const caps = (chart.caps ?? []).map(({ name }) => name);
  const words = chart.buckets[at]?.words ?? "";
  return `${words}: ${told.length === 0 ? "no figure" : told.join(", ")}${caps.length > 0 ? `. ${caps.join(", ")}` : ""}`;
}

/** Lines before the table of a file that say what it is of. */
export type FileHead = readonly (readonly [name: string, value: string])[];

/** The chart as CSV: what it is of, then one row a bucket. Dollars are plain decimals. */
export function chartCsv(chart: Chart, head: FileHead): string {
  const columns = columnsOf(chart);
  return tableCsv(chart.title, head, [
    [chart.bucketName, "from", ...columns.map(({ name }) => (chart.unit === "usd" ? `${name}, USD` : name))],
    ...chart.buckets.map(({ at, words }, index) => [
      words,
      at,
      ...columns.map(({ amounts }) => amountCell(chart.unit, amounts[index] ?? null)),
    ]),
  ]);
}

/** Rows as CSV below lines that say what they are of: range, zone and filters. */
export function tableCsv(
  title: string,
  head: FileHead,
  rows: readonly (readonly (string | number | bigint | boolean | null)[])[],
): string {
  return [
    csvRow([`# Interlock: ${title}`]),
    ...head.map(([name, value]) => csvRow([`# ${name}`, value])),
    ...rows.map((row) => csvRow(row)),
  ].join("");
}
