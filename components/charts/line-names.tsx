import { placeWords } from "@/lib/core/charts/axis";
import type { Chart } from "@/lib/core/charts/chart";
import { amountText, drawnOf } from "@/lib/core/charts/units";
import { visibleString } from "@/lib/core/shared/visible-text";

import { BOTTOM, lastOf, type PlotLayout, TOP } from "./plot-layout";

type LineNamesProps = {
  chart: Chart;
  layout: PlotLayout;
  highlighted: string | null;
  highlight: (key: string | null) => void;
};

const ROW = 15;

type Word = {
  readonly id: string;
  readonly key: string | null;
  readonly name: string;
  readonly amount: string;
  readonly tone: string;
};

/** The names of the lines at their ends, moved apart where they would touch. A name can be pressed to mark its line. */
export function LineNames({ chart, layout, highlighted, highlight }: LineNamesProps) {
  const words = wordsOf(chart, highlighted);
  const tops = placeWords(
    words.map(({ amount }) => layout.y(drawnOf(chart.unit, amount))),
    { gap: ROW, low: TOP, high: layout.height - BOTTOM },
  );
  return (
    <ul aria-label={`Lines of ${chart.title}`}>
      {words.map(({ id, key, name, amount, tone }, at) => (
        <li
          key={id}
          style={{ left: layout.width - layout.right + 8, top: (tops[at] ?? 0) - ROW / 2, width: layout.right - 8 }}
          className={`absolute flex h-[15px] items-center gap-1 text-2xs whitespace-nowrap ${tone}`}
        >
          {chart.shape === "bars" && key !== null && (
            <span
              className={`size-2 shrink-0 border ${key === highlighted ? "border-add bg-add" : "border-edge bg-hair"}`}
            />
          )}
          {key === null ? (
            <span className="truncate">{name}</span>
          ) : (
            <button
              type="button"
              aria-pressed={key === highlighted}
              title={`Mark ${visibleString(name)}`}
              onClick={() => highlight(key === highlighted ? null : key)}
              className="relative truncate decoration-edge hover:underline before:absolute before:inset-x-0 before:-inset-y-1"
            >
              {visibleString(name)}
            </button>
          )}
          {/* The last bar says nothing of the others. */}
          {chart.shape !== "bars" && <span className="max-sm:hidden">{amountText(chart.unit, amount)}</span>}
        </li>
      ))}
    </ul>
  );
}

function wordsOf({ lines, before, forecast }: Chart, highlighted: string | null): readonly Word[] {
  const named = lines.flatMap((line): Word[] => {
    const last = lastOf(line);
    if (last === null) return [];
    const isMarked = line.role === "part" && line.key === highlighted;
    const tone = line.role === "total" ? "font-semibold text-text" : isMarked ? "font-semibold text-add" : "text-muted";
    const key = line.role === "part" ? line.key : null;
    return [{ id: `${line.role} ${line.key}`, key, name: line.name, amount: last.amount, tone }];
  });
  const ends = [
    { id: "before", name: "before", line: before },
    { id: "forecast", name: forecast?.name ?? "", line: forecast },
  ].flatMap(({ id, name, line }): Word[] => {
    const last = line && lastOf(line);
    return last ? [{ id, key: null, name, amount: last.amount, tone: "text-muted" }] : [];
  });
  return [...named, ...ends];
}
