import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VerdictMark, verdictWord } from "@/components/ui/verdict-mark";
import type { Verdict } from "@/lib/core/decisions/schema";
import { paths } from "@/lib/core/shared/paths";
import { countVerdicts, type HourCount } from "@/lib/core/workspaces/overview";

type DayChartProps = { day: Date; hours: readonly HourCount[]; truncated: boolean };

const VERDICTS = ["allow", "require_approval", "recommend", "deny", "halt"] as const satisfies readonly Verdict[];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

const FILLS: Record<Verdict, string> = {
  allow: "fill-allow stroke-surface",
  require_approval: "fill-ask stroke-surface",
  recommend: "fill-none stroke-surface",
  deny: "fill-deny stroke-surface",
  halt: "fill-surface stroke-deny",
};

const WIDTH = 480;
const HEIGHT = 72;
const STEP = WIDTH / HOURS.length;

/** Today's decisions by verdict, hour by hour. The table says the same as the bars. */
export function DayChart({ day, hours, truncated }: DayChartProps) {
  const from = day.toISOString();
  const total = hours.reduce((sum, hour) => sum + hour.count, 0);
  return (
    <Section title="Decisions today" aside={`by hour, UTC${truncated ? `; the newest ${total}` : ""}`}>
      <div className="grid gap-3 border-y border-hair bg-surface px-3 py-3">
        <ul aria-label="Decisions today by verdict" className="flex flex-wrap gap-x-6 gap-y-1">
          {VERDICTS.map((verdict) => (
            <li key={verdict}>
              <Link
                href={paths.decisions({ verdict, from })}
                className="inline-flex min-h-6 items-center gap-2 hover:underline"
              >
                <VerdictMark verdict={verdict} />
                <Number count={countVerdicts(hours, verdict)} />
              </Link>
            </li>
          ))}
          <li>
            <Link href={paths.decisions({ from })} className="inline-flex min-h-6 items-center gap-2 hover:underline">
              All <Number count={total} />
            </Link>
          </li>
        </ul>
        {total > 0 && <Bars hours={hours} />}
        {total > 0 && (
          <details>
            <summary className="min-h-6 text-xs text-muted">View as table</summary>
            <HourTable hours={hours} />
          </details>
        )}
      </div>
    </Section>
  );
}

function Number({ count }: { count: number }) {
  return <span className={count === 0 ? "text-muted" : "font-semibold"}>{count.toLocaleString("en")}</span>;
}

function Bars({ hours }: { hours: readonly HourCount[] }) {
  const highest = Math.max(...HOURS.map((hour) => sumOf(hours, hour)));
  return (
    <div className="grid gap-1">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Decisions by hour; at most ${highest} in an hour`}
        className="h-24 w-full border-b border-edge"
      >
        {HOURS.flatMap((hour) => barsOf(hours, hour, highest))}
      </svg>
      <div aria-hidden="true" className="grid grid-cols-4 text-2xs text-muted">
        {[0, 6, 12, 18].map((hour) => (
          <span key={hour}>{clock(hour)}</span>
        ))}
      </div>
    </div>
  );
}

/** The stacked pieces of one hour, allowed at the bottom. A halt is hollow, so that it is not taken for a denial. */
function barsOf(hours: readonly HourCount[], hour: number, highest: number) {
  let top = HEIGHT;
  return VERDICTS.flatMap((verdict) => {
    const count = hours.find((h) => h.hour === hour && h.verdict === verdict)?.count ?? 0;
    if (count === 0) return [];
    // A single call among thousands is still drawn: a pixel at least.
    const height = Math.max(1, (count / highest) * (HEIGHT - 2));
    top -= height;
    return [
      <rect
        key={`${hour} ${verdict}`}
        x={hour * STEP + 2}
        y={top}
        width={STEP - 4}
        height={height}
        vectorEffect="non-scaling-stroke"
        className={FILLS[verdict]}
      >
        <title>{`${clock(hour)} ${verdictWord(verdict)}: ${count}`}</title>
      </rect>,
    ];
  });
}

const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

const sumOf = (hours: readonly HourCount[], hour: number) =>
  hours.reduce((sum, h) => (h.hour === hour ? sum + h.count : sum), 0);

function HourTable({ hours }: { hours: readonly HourCount[] }) {
  const shown = HOURS.filter((hour) => sumOf(hours, hour) > 0);
  return (
    <Table
      dense
      label="Decisions today by hour and verdict"
      head={["Hour (UTC)", ...VERDICTS.map((verdict) => ({ label: verdictWord(verdict), numeric: true }))]}
    >
      {shown.map((hour) => (
        <Row key={hour}>
          <Cell header>{clock(hour)}</Cell>
          {VERDICTS.map((verdict) => (
            <Cell key={verdict} numeric>
              {hours.find((h) => h.hour === hour && h.verdict === verdict)?.count ?? 0}
            </Cell>
          ))}
        </Row>
      ))}
    </Table>
  );
}
