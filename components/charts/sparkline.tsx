const WIDTH = 112;
const HEIGHT = 20;
const EDGE = 1.5;

type SparklineProps = {
  /** What is drawn, with its figures: `Spend by day, $0 to $12.40`. */
  title: string;
  values: readonly (number | null)[];
  before?: readonly (number | null)[] | undefined;
};

/** A line in a table's cell, from 0 up: the period before is dashed behind it. */
export function Sparkline({ title, values, before = [] }: SparklineProps) {
  const highest = Math.max(0, ...values.map((value) => value ?? 0), ...before.map((value) => value ?? 0));
  const drawn = [values, before].map((list) => pathOf(list, Math.max(values.length, 2), highest));
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      className="block h-5 w-16 overflow-visible sm:w-28"
    >
      <title>{title}</title>
      <path d={drawn[1]} fill="none" className="stroke-edge" strokeDasharray="2 2" vectorEffect="non-scaling-stroke" />
      <path d={drawn[0]} fill="none" className="stroke-text" strokeWidth="1.25" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

/** The line through the values that are known, broken where one is not. */
export function pathOf(values: readonly (number | null)[], places: number, highest: number): string {
  const x = (at: number) => Number(((at / (places - 1)) * WIDTH).toFixed(1));
  const y = (value: number) =>
    Number((HEIGHT - EDGE - (highest === 0 ? 0 : value / highest) * (HEIGHT - 2 * EDGE)).toFixed(1));
  return values
    .map((value, at) => {
      if (value === null) return "";
      const previous = values[at - 1] ?? null;
      const next = values[at + 1] ?? null;
      // A value alone between gaps is a short stroke, since a line of one point is invisible.
      if (previous === null) return `M${x(at)} ${y(value)}${next === null ? "h1" : ""}`;
      return `L${x(at)} ${y(value)}`;
    })
    .join("");
}
