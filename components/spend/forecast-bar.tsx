import { amountText } from "@/lib/core/charts/units";
import type { SpendForecast } from "@/lib/core/figures/spend";

const WIDTH = 400;
const HEIGHT = 12;
/** How much of the bar's width lies beyond the largest amount. */
const AIR = 1.08;

type ForecastBarProps = { of: string; forecast: SpendForecast; capPicos: string | null };

/** What is spent, solid, what is expected, dashed with its band, and the cap. The sentences around it say the same. */
export function ForecastBar({ of, forecast, capPicos }: ForecastBarProps) {
  const { spentPicos, expectedPicos, lowPicos, highPicos } = forecast;
  const [spent, expected] = [Number(spentPicos), Number(expectedPicos)];
  const [low, high] = [Number(lowPicos ?? expectedPicos), Number(highPicos ?? expectedPicos)];
  const cap = capPicos === null ? null : Number(capPicos);
  const most = Math.max(spent, expected, high, cap ?? 0) * AIR || 1;
  const x = (value: number) => (value / most) * WIDTH;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${amountText("usd", spentPicos)} spent ${of} of ${amountText("usd", expectedPicos)} expected`}
      className="block h-3 w-full max-w-xl bg-sunk"
    >
      {high > low && <rect x={x(low)} width={x(high) - x(low)} y={0} height={HEIGHT} className="fill-hair" />}
      <rect width={x(spent)} y={2} height={HEIGHT - 4} className="fill-edge" />
      <line
        x1={x(spent)}
        x2={x(expected)}
        y1={HEIGHT / 2}
        y2={HEIGHT / 2}
        strokeDasharray="4 3"
        className="stroke-text"
        vectorEffect="non-scaling-stroke"
      />
      <line
        x1={x(expected)}
        x2={x(expected)}
        y1={0}
        y2={HEIGHT}
        className="stroke-text"
        vectorEffect="non-scaling-stroke"
      />
      {cap !== null && (
        <line
          x1={x(cap)}
          x2={x(cap)}
          y1={0}
          y2={HEIGHT}
          strokeWidth="3"
          className="stroke-del"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}
