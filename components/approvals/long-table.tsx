"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type ComponentProps, type ReactNode, useEffect, useRef } from "react";

import type { ArgumentLine, PartBody, PathChange, RowLine, TextLine } from "@/lib/core/approvals/part";

import { ArgumentRow } from "./argument-table";
import { widthsOf } from "./column-widths";
import { PathRow } from "./path-table";
import { RowsHead, RowsRow } from "./rows-table";
import { LineRow } from "./text-diff";
import type { Lines } from "./use-windows";

type LongTableProps = {
  label: string;
  /** What kind of lines these are, with its first ones. */
  body: PartBody;
  /** Whether any of them stands out. */
  flagged: boolean;
  lines: Lines;
  /** Which lines are on screen now. */
  onRange: (from: number, to: number) => void;
  /** Filled with what scrolls on by about a screen. */
  forward: { current: () => void };
};

const LINE_PX = { rows: 33, lines: 24, paths: 33, arguments: 33, command: 33 } as const;
const BOX_PX = 512;

/**
 * A table of which only what is on screen is drawn. It is a real table: it says how many rows there are, each row says
 * which of them it is, and rows that are not drawn are room that is left for them.
 */
export function LongTable({ label, body, flagged, lines, onRange, forward }: LongTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.total,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX[body.kind],
    overscan: 8,
    // So that the server draws the first screen as well.
    initialRect: { width: 900, height: BOX_PX },
  });
  const drawn = virtual.getVirtualItems();
  const [first] = drawn;
  const last = drawn.at(-1);
  const above = first?.start ?? 0;
  const below = virtual.getTotalSize() - (last?.end ?? 0);
  const from = virtual.range?.startIndex ?? 0;
  const to = virtual.range?.endIndex ?? 0;
  const columns = widthsOf(body, flagged).length;

  useEffect(() => onRange(from, to), [onRange, from, to, lines]);
  useEffect(() => {
    const region = box.current;
    // The browser's own way ends where the end was when the key was pressed; lines that come meanwhile move it.
    const toEnd = (event: KeyboardEvent) => {
      if (event.key !== "End" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      virtual.scrollToEnd();
    };
    region?.addEventListener("keydown", toEnd);
    return () => region?.removeEventListener("keydown", toEnd);
  }, [virtual]);
  useEffect(() => {
    forward.current = () => {
      box.current?.scrollIntoView({ block: "nearest" });
      box.current?.scrollBy({ top: box.current.clientHeight * 0.9 });
    };
  }, [forward]);

  return (
    <div
      ref={box}
      role="region"
      aria-label={label}
      tabIndex={0}
      className="relative h-[32rem] max-h-[70dvh] overflow-auto border-y border-hair bg-surface [overflow-anchor:none]"
    >
      <table
        aria-label={label}
        aria-rowcount={lines.total + 1}
        className="w-full table-fixed border-collapse text-left text-sm"
      >
        <Columns body={body} flagged={flagged} />
        <thead className="sticky top-0 z-10 border-b border-hair bg-surface text-xs text-muted">
          <Head body={body} flagged={flagged} />
        </thead>
        <tbody className={body.kind === "lines" ? "" : "divide-y divide-hair"}>
          <Room height={above} columns={columns} />
          {drawn.map(({ index, key }) => (
            <LineView
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-rowindex={index + 2}
              body={body}
              flagged={flagged}
              columns={columns}
              line={lines.known.get(index)}
            />
          ))}
          <Room height={below} columns={columns} />
        </tbody>
      </table>
    </div>
  );
}

/** Rows that are not drawn. By attribute, because our content policy allows no style in the markup. */
function Room({ height, columns }: { height: number; columns: number }): ReactNode {
  if (height <= 0) return null;
  return (
    <tr>
      <td aria-hidden="true" colSpan={columns} height={height} className="p-0" />
    </tr>
  );
}

type KindProps = { body: PartBody; flagged: boolean };

/** Fixed widths, so that columns stand still while rows come and go. */
function Columns({ body, flagged }: KindProps) {
  return (
    <colgroup>
      {widthsOf(body, flagged).map((width, index) => (
        <col key={index} {...(width !== null && { width })} />
      ))}
    </colgroup>
  );
}

function Head({ body, flagged }: KindProps) {
  if (body.kind === "rows") return <RowsHead columns={body.columns} flagged={flagged} aria-rowindex={1} />;
  const names = {
    lines: ["Line", "Text"],
    paths: ["Change", "Path", "Before", "After", ...(flagged ? ["Stands out"] : [])],
    arguments: ["Argument", "Type", "Value"],
    command: [],
  }[body.kind];
  return (
    <tr aria-rowindex={1}>
      {names.map((name) => (
        <th key={name} scope="col" className="px-3 py-1.5 font-medium">
          {name}
        </th>
      ))}
    </tr>
  );
}

type LineViewProps = ComponentProps<"tr"> & KindProps & { columns: number; line: unknown; "data-index": number };

/** One line by its part's kind; a window's lines are of the kind its body says, which is how they were cut. */
function LineView({ body, flagged, columns, line, ...rest }: LineViewProps) {
  if (line === undefined) {
    return (
      <tr {...rest}>
        <td colSpan={columns} height={LINE_PX[body.kind]} className="px-3 py-0 text-muted">
          …
        </td>
      </tr>
    );
  }
  if (body.kind === "rows") return <RowsRow {...rest} row={line as RowLine} flagged={flagged} fixed />;
  if (body.kind === "lines") return <LineRow {...rest} line={line as TextLine} />;
  if (body.kind === "paths") return <PathRow {...rest} item={line as PathChange} flagged={flagged} />;
  return <ArgumentRow {...rest} item={line as ArgumentLine} />;
}
