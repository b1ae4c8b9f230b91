import type { ComponentProps } from "react";

import { VisibleText } from "@/components/ui/visible-text";
import type { CellChange, RowLine } from "@/lib/core/approvals/part";
import type { RowStatus } from "@/lib/core/approvals/row-diff";

import { ClippedText } from "./clipped-text";
import { DiffMark } from "./diff-mark";

const GROUND: Record<RowStatus, string> = { added: "bg-add-tint", removed: "bg-del-tint", changed: "", unchanged: "" };

type RowsTableProps = { label: string; columns: readonly string[]; rows: readonly RowLine[] };

/** Rows of a dry run. Each row's header says what happens to it: "removed line 14". */
export function RowsTable({ label, columns, rows }: RowsTableProps) {
  const flagged = rows.some((row) => row.flags.length > 0);
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="relative max-h-[32rem] overflow-auto border-y border-hair bg-surface"
    >
      <table aria-label={label} className="w-full border-collapse text-left text-sm">
        <thead className="sticky top-0 z-10 border-b border-hair bg-surface text-xs text-muted">
          <RowsHead columns={columns} flagged={flagged} />
        </thead>
        <tbody className="divide-y divide-hair">
          {rows.map((row) => (
            <RowsRow key={`${row.status} ${row.line}`} row={row} flagged={flagged} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type HeadProps = ComponentProps<"tr"> & { columns: readonly string[]; flagged: boolean };

export function RowsHead({ columns, flagged, ...rest }: HeadProps) {
  return (
    <tr {...rest}>
      <th scope="col" className="px-2.5 py-1.5 font-medium">
        Change
      </th>
      {/* Beside the change: what is worth most is read first and never scrolled off. */}
      {flagged && (
        <th scope="col" className="px-2.5 py-1.5 font-medium whitespace-nowrap">
          Stands out
        </th>
      )}
      {columns.map((column) => (
        <th key={column} scope="col" className="px-2.5 py-1.5 font-medium break-words">
          <VisibleText text={column} />
        </th>
      ))}
    </tr>
  );
}

type RowProps = ComponentProps<"tr"> & {
  row: RowLine;
  /** Whether the table has a column for what stands out. */
  flagged: boolean;
  /** Long values break inside their column instead of widening it. */
  fixed?: boolean | undefined;
};

export function RowsRow({ row, flagged, fixed = false, ...rest }: RowProps) {
  const wrap = fixed ? "whitespace-pre-wrap [overflow-wrap:anywhere]" : "whitespace-pre";
  return (
    <tr {...rest} {...(row.status !== "unchanged" && { "data-change": "row" })} className={GROUND[row.status]}>
      <th scope="row" className="px-2.5 py-1.5 align-top font-medium whitespace-nowrap">
        <DiffMark kind={row.status} line={row.line} />
      </th>
      {flagged && (
        <td className={`px-2.5 py-1.5 align-top font-medium text-ask ${fixed ? "break-words" : "whitespace-nowrap"}`}>
          {row.flags.length > 0 && (
            <>
              <span aria-hidden="true">▲ </span>
              <VisibleText text={row.flags.join(", ")} />
            </>
          )}
        </td>
      )}
      {row.cells.map((cell) => (
        <td key={cell.column} className={`px-2.5 py-1.5 align-top font-mono text-[0.96em] ${wrap}`}>
          <CellText cell={cell} status={row.status} />
        </td>
      ))}
    </tr>
  );
}

function CellText({ cell, status }: { cell: CellChange; status: RowStatus }) {
  if (cell.changed) {
    return (
      <span className="inline-flex flex-col">
        <del className="bg-del-tint text-del no-underline">
          <span className="sr-only">from </span>−{" "}
          {cell.before === null ? <None /> : <ClippedText value={cell.before} />}
        </del>
        <ins className="bg-add-tint text-add no-underline">
          <span className="sr-only">to </span>+ {cell.after === null ? <None /> : <ClippedText value={cell.after} />}
        </ins>
      </span>
    );
  }
  const value = status === "removed" ? cell.before : cell.after;
  return value === null ? <None /> : <ClippedText value={value} />;
}

const None = () => <span className="text-muted">(none)</span>;
