import type { Durations } from "@/lib/core/reviewers/scorecard";
import type { Share } from "@/lib/core/shared/statistics";
import { durationText, isRate, percent, shareText } from "@/lib/core/reviewers/words";

/** A share with its interval and how many it is of, in words. */
export function ShareText({ share }: { share: Share }) {
  return <span className={isRate(share) ? "" : "text-muted"}>{shareText(share)}</span>;
}

/** Median and ninetieth percentile of some durations. */
export function DurationText({ durations }: { durations: Durations }) {
  const { n, median, p90 } = durations;
  if (median === null || p90 === null) return <span className="text-muted">nothing yet</span>;
  return (
    <span>
      half within {durationText(median)}, nine of ten within {durationText(p90)}, n = {n.toLocaleString("en")}
    </span>
  );
}

export type MarkedShare = { readonly label: string; readonly share: Share };

const WIDTH = 320;
const ROW = 26;
const LEFT = 4;
const SPAN = WIDTH - 2 * LEFT;

/** Shares under each other on one scale from 0 to 100 %: a dot for the share, a line for its interval. */
export function ShareLines({ label, shares, mark }: { label: string; shares: readonly MarkedShare[]; mark?: number }) {
  const drawn = shares.filter(({ share }) => isRate(share));
  if (drawn.length === 0) return null;
  const height = drawn.length * ROW + 18;
  const at = (share: number) => LEFT + share * SPAN;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={`${label}: ${drawn.map((one) => `${one.label} ${shareText(one.share)}`).join("; ")}`}
      fontSize={9}
      className="w-full max-w-md"
    >
      <line x1={LEFT} x2={WIDTH - LEFT} y1={height - 14} y2={height - 14} className="stroke-edge" />
      {[0, 0.5, 1].map((tick) => (
        <text
          key={tick}
          x={at(tick)}
          y={height - 3}
          textAnchor={tick === 0 ? "start" : tick === 1 ? "end" : "middle"}
          className="fill-muted"
        >
          {tick * 100} %
        </text>
      ))}
      {mark !== undefined && (
        <line x1={at(mark)} x2={at(mark)} y1={0} y2={height - 14} strokeDasharray="2 3" className="stroke-muted">
          <title>{percent(mark)}</title>
        </line>
      )}
      {drawn.map(({ label: name, share }, index) => {
        const y = index * ROW + 18;
        return (
          <g key={name}>
            <text x={LEFT} y={y - 7} className="fill-text">
              {name}
            </text>
            <line x1={at(share.low)} x2={at(share.high)} y1={y} y2={y} strokeWidth={3} className="stroke-edge" />
            <circle cx={at(share.hits / share.n)} cy={y} r={4} className="fill-accent stroke-surface" />
          </g>
        );
      })}
    </svg>
  );
}
