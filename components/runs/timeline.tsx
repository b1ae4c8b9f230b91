import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { StoryPage, StoryRow } from "@/lib/core/runs/story";

import { TimelineBar } from "./timeline-bar";
import { KIND_WORDS, TimelineMark, TimelineTold } from "./timeline-told";

/** A run as it went, top to bottom. Every row has an address, and depth is said as well as shown. */
export function Timeline({ page }: { page: StoryPage }) {
  const { range } = page;
  return (
    <ol aria-label="Timeline of this run" className="divide-y divide-hair border-y border-hair bg-surface">
      {page.rows.map((row) => (
        <li
          key={row.id}
          id={row.id}
          data-fault={row.fault ? "" : undefined}
          tabIndex={-1}
          className="grid scroll-mt-16 grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 px-3 py-1.5 target:bg-sunk target:shadow-[inset_2px_0_0_var(--text)] lg:grid-cols-[5rem_6.5rem_minmax(0,1fr)_8.5rem_15rem_4.5rem]"
        >
          <span className="font-mono text-xs leading-5 text-muted max-lg:order-1">
            <Time at={row.at} mode="clock" />
          </span>
          <span className="text-muted max-lg:order-2 max-lg:text-right">
            <Depth depth={row.depth} />
            {KIND_WORDS[row.told.kind]}
          </span>
          <div className="min-w-0 [overflow-wrap:anywhere] max-lg:order-3 max-lg:col-span-2">
            <TimelineTold told={row.told} />
            <Failure row={row} />
          </div>
          <span className="max-lg:order-4">
            <TimelineMark told={row.told} />
          </span>
          <span className="max-lg:order-6 max-lg:col-span-2">
            {range !== null && <TimelineBar row={row} range={range} />}
          </span>
          <span className="text-right text-xs leading-5 tabular-nums max-lg:order-5">
            {row.costUsd !== null && (
              <>
                <span className="sr-only">cost </span>${row.costUsd}
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Failure({ row: { error } }: { row: StoryRow }) {
  if (error === null) return null;
  return (
    <p className="text-xs text-del">
      <VisibleText text={error.message === null ? error.type : `${error.type}: ${error.message}`} />
    </p>
  );
}

const MOST_SHOWN = 6;

function Depth({ depth }: { depth: number }) {
  if (depth === 0) return null;
  return (
    <>
      <span aria-hidden="true" className="text-edge">
        {"· ".repeat(Math.min(depth, MOST_SHOWN))}
      </span>
      <span className="sr-only">level {depth + 1}, </span>
    </>
  );
}
