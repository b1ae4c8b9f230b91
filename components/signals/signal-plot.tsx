import { hourText, SIGNAL_SPANS, type SignalSpan, type SignalView } from "@/lib/core/alerts/view";
import { formatValue } from "@/lib/core/alerts/words";
import { SIGNAL_FACTS } from "@/lib/core/alerts/signals";

const WIDTH = 1_000;
const HEIGHT = 100;

type SignalPlotProps = { view: SignalView; span: SignalSpan };

/** A signal by the hour over the band that is usual, from 0 up. The plot stretches, its words do not. */
export function SignalPlot({ view: { signal, points, judged }, span }: SignalPlotProps) {
  const { name, unit } = SIGNAL_FACTS[signal];
  const highest = Math.max(0, ...points.map(({ value, usual }) => Math.max(value ?? 0, usual?.high ?? 0)));
  const lasting = SIGNAL_SPANS[span].words.toLowerCase();
  if (points.every(({ value }) => value === null)) {
    return <p className="flex h-20 items-center text-xs text-muted">No figure in the {lasting}</p>;
  }
  const top = highest === 0 ? 1 : highest; // where every figure is 0 the line lies at the bottom
  const x = (at: number) => Math.round((at / Math.max(1, points.length - 1)) * WIDTH);
  const y = (value: number) => Math.round((1 - value / top) * HEIGHT * 10) / 10;
  const line = points.map(({ value }, at) => {
    if (value === null) return "";
    if (!isUnknown(points, at - 1)) return `L${x(at)} ${y(value)}`;
    // A value alone between gaps is a short stroke, since a line of one point is invisible.
    return `M${x(at)} ${y(value)}${isUnknown(points, at + 1) ? "h6" : ""}`;
  });
  const isOver = judged.verdict === "breach" || judged.verdict === "between";
  const words = `${name}, ${lasting}, 0 to ${formatValue(unit, highest)}`;
  return (
    <figure className="grid gap-0.5">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
        className="block h-16 w-full overflow-visible border-b border-hair"
      >
        <path d={bandOf(points, x, y)} className="fill-hair" />
        <path
          d={line.join("")}
          fill="none"
          strokeWidth="1.75"
          vectorEffect="non-scaling-stroke"
          className={isOver ? "stroke-del" : "stroke-text"}
        />
      </svg>
      <figcaption className="flex justify-between text-xs text-muted">
        <span>{hourText(points[0]?.hour ?? 0, span)}</span>
        <span>{highest === 0 ? "all 0" : `up to ${formatValue(unit, highest)}`}</span>
        <span>{hourText(points.at(-1)?.hour ?? 0, span)} UTC</span>
      </figcaption>
    </figure>
  );
}

type Points = SignalView["points"];

const isUnknown = (points: Points, at: number): boolean => (points[at]?.value ?? null) === null;

/** The band as stretches of hours that have a usual: there along the top, back along the bottom. */
function bandOf(points: Points, x: (at: number) => number, y: (value: number) => number): string {
  const stretches: { at: number; low: number; high: number }[][] = [[]];
  for (const [at, { usual }] of points.entries()) {
    if (usual) stretches.at(-1)?.push({ at, low: usual.low, high: usual.high });
    else if (stretches.at(-1)?.length) stretches.push([]);
  }
  return stretches
    .filter((stretch) => stretch.length > 1)
    .map((stretch) => {
      const top = stretch.map(({ at, high }, place) => `${place === 0 ? "M" : "L"}${x(at)} ${y(high)}`);
      const bottom = stretch.toReversed().map(({ at, low }) => `L${x(at)} ${y(low)}`);
      return `${top.join("")}${bottom.join("")}Z`;
    })
    .join("");
}
