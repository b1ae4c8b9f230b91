import { placeWords } from "@/lib/core/charts/axis";
import type { Chart, ChartLine } from "@/lib/core/charts/chart";
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
  /** Where on the axis of amounts the name belongs. */
  readonly level: number;
  readonly tone: string;
};

/** The names of the lines at their ends, moved apart where they would touch. A name can be pressed to mark its line. */
export function LineNames({ chart, layout, highlighted, highlight }: LineNamesProps) {
  const words = wordsOf(chart, highlighted);
  const tops = placeWords(
    words.map(({ level }) => layout.y(level)),
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

function wordsOf({ lines, before, forecast, unit, shape }: Chart, highlighted: string | null): readonly Word[] {
  let top = 0;
  // The name of a part of a bar stands beside the middle of its part of the last one.
  const levelOf = (role: ChartLine["role"] | "other", amount: string): number => {
    const drawn = drawnOf(unit, amount);
    if (shape !== "bars" || role === "total" || role === "other") return drawn;
    top += drawn;
    return top - drawn / 2;
  };
  const named = lines.flatMap((line): Word[] => {
    const last = lastOf(line);
    if (last === null) return [];
    const isMarked = line.role === "part" && line.key === highlighted;
    const tone = line.role === "total" ? "font-semibold text-text" : isMarked ? "font-semibold text-add" : "text-muted";
    const key = line.role === "part" ? line.key : null;
    const level = levelOf(line.role, last.amount);
    return [{ id: `${line.role} ${line.key}`, key, name: line.name, amount: last.amount, level, tone }];
  });
  const ends = [
    { id: "before", name: "before", line: before },
    { id: "forecast", name: forecast?.name ?? "", line: forecast },
  ].flatMap(({ id, name, line }): Word[] => {
    const last = line && lastOf(line);
    if (!last) return [];
    const level = levelOf("other", last.amount);
    return [{ id, key: null, name, amount: last.amount, level, tone: "text-muted" }];
  });
  return [...named, ...ends];
}
