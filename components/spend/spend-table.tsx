"use client";

import { type ReactNode, useState } from "react";

import { CsvButton } from "@/components/charts/csv-button";
import { Delta } from "@/components/charts/delta";
import { Sparkline } from "@/components/charts/sparkline";
import { RowLink } from "@/components/ui/row-link";
import { Cell, type Head, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import { type FileHead, tableCsv } from "@/lib/core/charts/chart";
import { type OpenRuns, runsHref } from "@/lib/core/charts/open-runs";
import { type SpendColumn, sortRows, spendCells } from "@/lib/core/charts/spend-rows";
import { amountText, drawnOf } from "@/lib/core/charts/units";
import type { CostPerSuccess, SpendRow, SpendTable as Split } from "@/lib/core/figures/spend";
import { visibleString } from "@/lib/core/shared/visible-text";
import { FEWEST_FOR_RATE } from "@/lib/core/shared/statistics";

type SpendTableProps = {
  table: Split;
  name: string;
  /** How a row's figures open its runs; null where the list of runs cannot be narrowed to a row. */
  open: OpenRuns | null;
  range: { readonly from: string; readonly to: string };
  file: FileHead;
  /** Where the page is narrowed to a row; absent for splits that cannot be a filter. */
  narrowed: Readonly<Record<string, string>>;
};

type Order = { readonly column: SpendColumn; readonly direction: "ascending" | "descending" };

/** What each value of a split cost, the others together, and all. */
export function SpendTable({ table, name, open, range, file, narrowed }: SpendTableProps) {
  const [order, setOrder] = useState<Order>({ column: "cost", direction: "descending" });
  const isByRun = (table.by === "agent" || table.by === "owner") && table.all.now.runs !== null;
  const isByAgent = table.by === "agent";
  const sort = (column: SpendColumn) => ({
    direction: order.column === column ? order.direction : null,
    onSort: () =>
      setOrder({
        column,
        direction: order.column === column && order.direction === "descending" ? "ascending" : "descending",
      }),
  });
  const head: readonly Head[] = [
    { label: name, sort: sort("label") },
    ...(isByAgent ? [{ label: "Owner", className: "max-lg:hidden" }] : []),
    { label: "Spend", numeric: true, sort: sort("cost") },
    { label: "Change", numeric: true, sort: sort("change"), className: "max-sm:hidden" },
    { label: "Over time, before dashed", className: "max-md:hidden" },
    ...(isByRun
      ? [
          { label: "Runs", numeric: true, sort: sort("runs"), className: "max-md:hidden" },
          { label: "Succeeded", numeric: true, sort: sort("succeeded"), className: "max-md:hidden" },
          { label: "Per success", numeric: true, sort: sort("per_success") },
          { label: "95 % interval", className: "max-lg:hidden" },
        ]
      : [{ label: "Model calls", numeric: true, className: "max-md:hidden" }]),
    { label: "Wasted", numeric: true, sort: sort("waste"), className: "max-sm:hidden" },
  ];
  const rows = sortRows(table.rows, order.column, order.direction);
  const shown = [...rows, ...(table.others ? [table.others] : []), table.all];
  const row = (each: SpendRow, label: ReactNode, opens: OpenRuns | null) => (
    <FigureCells key={each.key} row={each} label={label} open={opens} range={range} {...{ isByAgent, isByRun }} />
  );
  return (
    <>
      <Table label={`Spend by ${name.toLowerCase()}`} head={head}>
        {rows.map((each) => row(each, <Name row={each} href={narrowed[each.key]} />, open))}
        {table.others && row(table.others, <span className="text-muted">{table.others.values} others</span>, null)}
        <FigureCells
          row={table.all}
          label="All"
          open={open && { ...open, by: null }}
          range={range}
          className="border-t border-edge font-semibold"
          {...{ isByAgent, isByRun }}
        />
      </Table>
      <div className="flex flex-wrap items-center justify-between gap-x-4 text-xs text-muted">
        <p>
          {table.addsUp
            ? "Every event is in exactly one row."
            : "A call can have several tags or none, so the rows do not add up to all."}
        </p>
        <CsvButton
          title={`Spend by ${name.toLowerCase()}`}
          text={() => tableCsv(`Spend by ${name.toLowerCase()}`, file, spendCells(name, named(shown, table)))}
        />
      </div>
    </>
  );
}

/** The rows with the names that the table shows for those without a value of their own. */
function named(rows: readonly SpendRow[], { all, others }: Split): readonly SpendRow[] {
  return rows.map((row) => {
    if (row === all) return { ...row, label: "All" };
    return row === others ? { ...row, label: `${others.values} others` } : { ...row, label: row.label || "none" };
  });
}

function Name({ row, href }: { row: SpendRow; href: string | undefined }) {
  if (row.key === "") return <span className="text-muted">none</span>;
  const text = <VisibleText text={row.label || row.key} />;
  if (href === undefined) return <span className="block max-w-36 truncate sm:max-w-72">{text}</span>;
  return (
    <RowLink
      href={href}
      prefetch={false}
      title={`Show ${visibleString(row.label)} alone`}
      className="max-w-36 truncate align-bottom sm:max-w-72"
    >
      {text}
    </RowLink>
  );
}

type FigureCellsProps = {
  row: SpendRow;
  label: ReactNode;
  open: OpenRuns | null;
  range: SpendTableProps["range"];
  isByAgent: boolean;
  isByRun: boolean;
  className?: string;
};

function FigureCells({ row, label, open, range, isByAgent, isByRun, className = "" }: FigureCellsProps) {
  const { now, before, costPerSuccess, wasteShare, costs, costsBefore } = row;
  const key = open?.by === "agent" ? row.agent : row.key;
  // A row without a value has no runs of its own to open: the list would show all of them.
  const canOpen = open !== null && (open.by === null || Boolean(key));
  const opened = (text: string, isNone: boolean) =>
    canOpen && !isNone ? (
      <RowLink href={runsHref(open, range, key)} prefetch={false}>
        {text}
      </RowLink>
    ) : (
      <span className={isNone ? "text-muted" : ""}>{text}</span>
    );
  const count = (value: string | null) => (value === null ? "" : opened(amountText("count", value), value === "0"));
  return (
    <Row className={className}>
      <Cell header>{label}</Cell>
      {isByAgent && <Cell className="text-muted max-lg:hidden">{row.owner}</Cell>}
      <Cell numeric>{opened(amountText("usd", now.costPicos), now.costPicos === "0")}</Cell>
      <Cell numeric className="max-sm:hidden">
        <Delta unit="usd" now={now.costPicos} before={before?.costPicos ?? null} />
      </Cell>
      <Cell className="max-md:hidden">
        <Sparkline
          title={`${row.label || "All"} over time, at most ${amountText("usd", highest(costs))}`}
          values={costs.map((cost) => drawnOf("usd", cost))}
          before={costsBefore?.map((cost) => drawnOf("usd", cost))}
        />
      </Cell>
      {isByRun ? (
        <>
          <Cell numeric className="max-md:hidden">
            {count(now.runs)}
          </Cell>
          <Cell numeric className="max-md:hidden">
            {count(now.succeeded)}
          </Cell>
          <Cell numeric>
            <PerSuccess cost={costPerSuccess} />
          </Cell>
          <Cell className="text-xs text-muted max-lg:hidden">{costPerSuccess && intervalText(costPerSuccess)}</Cell>
        </>
      ) : (
        <Cell numeric className="max-md:hidden">
          {count(now.modelCalls)}
        </Cell>
      )}
      <Cell numeric className="max-sm:hidden">
        {wasteShare === null ? "" : opened(amountText("share", String(wasteShare)), wasteShare === 0)}
      </Cell>
    </Row>
  );
}

const highest = (costs: readonly string[]): string =>
  String(costs.reduce((most, cost) => (BigInt(cost) > most ? BigInt(cost) : most), 0n));

const isEnough = ({ n }: CostPerSuccess): boolean => Number(n) >= FEWEST_FOR_RATE;

function PerSuccess({ cost }: { cost: CostPerSuccess | null }) {
  if (cost === null) return <span className="text-muted">none</span>;
  if (!isEnough(cost)) return <span className="text-muted">too few ({cost.n})</span>;
  return amountText("usd", cost.picos);
}

function intervalText(cost: CostPerSuccess): string {
  if (!isEnough(cost)) return "";
  return `${amountText("usd", cost.lowPicos)} – ${amountText("usd", cost.highPicos)}, n = ${amountText("count", cost.n)}`;
}
