import { Cell, Row, Table } from "@/components/ui/table";
import type { Look } from "@/lib/core/reviewers/scorecard";
import { quantile } from "@/lib/core/shared/statistics";
import { durationText } from "@/lib/core/reviewers/words";

const WIDTH = 320;
const HEIGHT = 150;
const INSET = { left: 34, right: 8, top: 8, bottom: 22 };

const GROUPS = [
  { label: "1", from: 0, to: 1 },
  { label: "2 to 10", from: 2, to: 10 },
  { label: "11 to 100", from: 11, to: 100 },
  { label: "more than 100", from: 101, to: Number.POSITIVE_INFINITY },
] as const;

/**
 * How long actions of each size were looked at: as many things as the headline counts, or else arguments. Both scales are
 * logarithmic; the table says the same in groups.
 */
export function LookPlot({ looks }: { looks: readonly Look[] }) {
  if (looks.length === 0) return <p className="text-muted">No action was looked at on screen yet.</p>;
  const [sizes, seconds] = [looks.map((look) => look.size), looks.map((look) => look.seconds)];
  const x = scale(Math.max(10, ...sizes), INSET.left, WIDTH - INSET.right);
  const y = scale(Math.max(60, ...seconds), HEIGHT - INSET.bottom, INSET.top);
  return (
    <div className="grid gap-3">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Time looked at each of ${looks.length} actions by how much it changes`}
        fontSize={9}
        className="w-full max-w-md border-b border-hair"
      >
        <line x1={INSET.left} x2={INSET.left} y1={INSET.top} y2={HEIGHT - INSET.bottom} className="stroke-edge" />
        <line
          x1={INSET.left}
          x2={WIDTH - INSET.right}
          y1={HEIGHT - INSET.bottom}
          y2={HEIGHT - INSET.bottom}
          className="stroke-edge"
        />
        {[10, 60, 600].map((at) => (
          <text key={at} x={INSET.left - 4} y={y(at) + 3} textAnchor="end" className="fill-muted">
            {at <= Math.max(60, ...seconds) ? durationText(at) : ""}
          </text>
        ))}
        {[1, 10, 100, 1_000].map((at) => (
          <text key={at} x={x(at)} y={HEIGHT - 8} textAnchor="middle" className="fill-muted">
            {at <= Math.max(10, ...sizes) ? at : ""}
          </text>
        ))}
        {looks.map((look, index) => (
          <circle key={index} cx={x(look.size)} cy={y(look.seconds)} r={2.5} className="fill-accent opacity-60" />
        ))}
      </svg>
      <Table
        dense
        label="Time looked, by how much the action changes"
        head={["Things or arguments", { label: "Actions", numeric: true }, { label: "Half within", numeric: true }]}
      >
        {GROUPS.map(({ label, from, to }) => {
          const within = looks.filter(({ size }) => size >= from && size <= to).map((look) => look.seconds);
          const median = quantile(within, 0.5);
          return (
            <Row key={label}>
              <Cell header>{label}</Cell>
              <Cell numeric>{within.length}</Cell>
              <Cell numeric>{median === null ? "—" : durationText(median)}</Cell>
            </Row>
          );
        })}
      </Table>
    </div>
  );
}

/** A logarithmic scale from 0 (drawn as 1 less) to `most`. */
function scale(most: number, from: number, to: number): (value: number) => number {
  const whole = Math.log10(1 + most);
  return (value) => from + (Math.log10(1 + Math.max(0, value)) / whole) * (to - from);
}
