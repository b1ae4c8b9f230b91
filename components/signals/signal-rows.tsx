import { Link } from "@/components/ui/link";
import type { Signal } from "@/lib/core/alerts/signals";
import { SIGNAL_FACTS } from "@/lib/core/alerts/signals";
import { hourSpan, hourText, type SignalSpan, type SignalView } from "@/lib/core/alerts/view";
import { formatValue, sayStanding, sayUnknown } from "@/lib/core/alerts/words";
import { paths } from "@/lib/core/shared/paths";

import { SignalPlot } from "./signal-plot";

type SignalRowsProps = {
  signals: readonly SignalView[];
  /** The agent the page is narrowed to. */
  agent: string | undefined;
  span: SignalSpan;
};

/** Signals with value, usual band, chart and state in the same place of every row. */
export function SignalRows({ signals, agent, span }: SignalRowsProps) {
  return (
    <ul className="divide-y divide-hair border-y border-hair">
      {signals.map((view) => (
        <li
          key={view.signal}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-2 py-3 md:grid-cols-[11rem_11rem_minmax(0,1fr)_11rem]"
        >
          <div>
            <h3 className="text-sm font-semibold">{SIGNAL_FACTS[view.signal].name}</h3>
            <p className="text-xs text-muted">{SIGNAL_FACTS[view.signal].of}</p>
          </div>
          <SignalValue view={view} agent={agent} />
          <div className="col-span-2 min-w-0 md:col-span-1">
            <SignalPlot view={view} span={span} />
            <SignalHours view={view} agent={agent} span={span} />
          </div>
          <SignalStanding view={view} />
        </li>
      ))}
    </ul>
  );
}

/** Where the runs or decisions behind a signal are listed. */
function behind(signal: Signal, agent: string | undefined, span: { from: string; to: string }): string {
  const whose = agent === undefined ? {} : { agent };
  if (signal === "requests" || signal === "denials") {
    return paths.decisions({
      ...whose,
      ...(signal === "denials" && { verdict: "deny" }),
      from: span.from.slice(0, 10),
    });
  }
  if (signal === "waits") return paths.desk({ ...whose, state: "history" });
  return paths.runs({ ...whose, ...span });
}

function spanOf({ judged, points }: SignalView): { from: string; to: string } {
  const last = points.at(-1)?.hour ?? 0;
  return { from: hourSpan(last - (judged.hours ?? 2) + 1).from, to: hourSpan(last).to };
}

function SignalValue({ view, agent }: { view: SignalView; agent: string | undefined }) {
  const { signal, judged } = view;
  const { unit, counts } = SIGNAL_FACTS[signal];
  const { value, usual, n } = judged;
  return (
    <div className="text-right md:text-left">
      <p className="text-md font-semibold tabular-nums">
        {value === null ? (
          <span className="font-normal text-muted">—</span>
        ) : (
          <Link href={behind(signal, agent, spanOf(view))} className="underline decoration-edge underline-offset-2">
            {formatValue(unit, value)}
          </Link>
        )}
      </p>
      {usual !== null && (
        <p className="text-xs text-muted">
          usual {formatValue(unit, usual.low)} – {formatValue(unit, usual.high)}
        </p>
      )}
      {value !== null && (
        <p className="text-xs text-muted">
          {judged.hours ?? 2} h, n = {Math.round(n).toLocaleString("en-US")} {counts}
        </p>
      )}
    </div>
  );
}

function SignalStanding({ view: { signal, judged, days } }: { view: SignalView }) {
  const { unit } = SIGNAL_FACTS[signal];
  const { verdict, usual, value, limit, n } = judged;
  const isOver = verdict === "breach" || verdict === "between";
  const times = usual && usual.median > 0 && value !== null ? (value / usual.median).toFixed(1) : null;
  return (
    <div className="col-span-2 md:col-span-1">
      <p className={isOver ? "font-medium text-del" : "text-muted"}>
        {sayStanding(judged) ?? sayUnknown(judged.unknown ?? "no_reading", { days, n })}
      </p>
      {times !== null && <p className="text-xs text-muted">{times} × the median</p>}
      {limit !== null && <p className="text-xs text-muted">alerts from {formatValue(unit, limit)}</p>}
    </div>
  );
}

/** The figures of the plot, for who reads rather than looks. */
function SignalHours({ view, agent, span }: { view: SignalView; agent: string | undefined; span: SignalSpan }) {
  const { name, unit } = SIGNAL_FACTS[view.signal];
  return (
    <details className="text-xs">
      <summary className="inline-block min-h-6 cursor-pointer leading-6 text-muted underline underline-offset-2">
        View as table<span className="sr-only">: {name}</span>
      </summary>
      <div className="max-h-64 overflow-auto" role="region" aria-label={`${name} by hour: table`} tabIndex={0}>
        <table className="w-full text-left" aria-label={`${name} by hour`}>
          <thead className="text-muted">
            <tr>
              <th scope="col">Hour, UTC</th>
              <th scope="col" className="text-right">
                Value
              </th>
              <th scope="col" className="text-right">
                n
              </th>
              <th scope="col" className="text-right">
                Usual
              </th>
            </tr>
          </thead>
          <tbody>
            {view.points.map(({ hour, value, n, usual }) => (
              <tr key={hour}>
                <th scope="row" className="font-normal">
                  <Link
                    href={behind(view.signal, agent, hourSpan(hour))}
                    className="inline-block min-h-6 leading-6 underline"
                  >
                    {hourText(hour, span)}
                  </Link>
                </th>
                <td className="text-right tabular-nums">{value === null ? "—" : formatValue(unit, value)}</td>
                <td className="text-right tabular-nums">{Math.round(n).toLocaleString("en-US")}</td>
                <td className="text-right tabular-nums">
                  {usual ? `${formatValue(unit, usual.low)} – ${formatValue(unit, usual.high)}` : "—"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
