import { RowLink } from "@/components/ui/row-link";
import { VisibleText } from "@/components/ui/visible-text";
import type { Chart } from "@/lib/core/charts/chart";
import { amountText } from "@/lib/core/charts/units";

import { capsOf } from "./plot-layout";

/** What the letters of a chart stand for, each with the page that tells it, and the caps that its scale leaves out. */
export function NoteList({ chart }: { chart: Chart }) {
  const told = new Set(capsOf(chart).told.map(({ name }) => name));
  const caps = (chart.caps ?? []).filter(({ name }) => told.has(name));
  const notes = chart.notes ?? [];
  if (notes.length + caps.length === 0) return null;
  return (
    <ul aria-label={`Notes on ${chart.title}`} className="flex flex-wrap gap-x-5 gap-y-0.5 text-xs">
      {notes.map(({ letter, when, text, href }) => (
        <li key={letter} className="flex flex-wrap items-center gap-x-1.5">
          <b className="inline-block size-4 rounded-xs border border-edge text-center text-2xs leading-[14px]">
            {letter}
          </b>
          <RowLink href={href} prefetch={false}>
            {when}
          </RowLink>
          <span>
            <VisibleText text={text} />
          </span>
        </li>
      ))}
      {caps.map(({ name, amount }) => (
        <li key={name} className="min-h-6 leading-6 text-muted">
          {name}: {amountText(chart.unit, amount)} is above the scale of this chart
        </li>
      ))}
    </ul>
  );
}
