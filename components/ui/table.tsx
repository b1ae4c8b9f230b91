import type { ComponentProps, ReactNode } from "react";

export type Sort = { readonly direction: "ascending" | "descending" | null; readonly onSort: () => void };

export type Head =
  | string
  | {
      readonly label: string;
      readonly numeric?: boolean;
      readonly hidden?: boolean;
      /** Makes the column's name a button that sorts by it. */
      readonly sort?: Sort | undefined;
      /** Where a column drops out on a narrow screen, its cells have the same class. */
      readonly className?: string | undefined;
    };

type TableProps = {
  /** What the table lists; its accessible name. */
  label: string;
  head: readonly Head[];
  children: ReactNode;
  dense?: boolean | undefined;
};

/** A ruled table that scrolls inside its own box, so that the page never does. */
export function Table({ label, head, children, dense = false }: TableProps) {
  return (
    <div
      role="region"
      aria-label={`${label}: table`}
      tabIndex={0}
      className="relative overflow-x-auto border-y border-hair bg-surface"
    >
      <table
        aria-label={label}
        className={`w-full border-collapse text-left text-sm ${dense ? "[&_td]:py-1 [&_tbody_th]:py-1" : "[&_td]:h-row [&_td]:py-1.5 [&_tbody_th]:py-1.5"}`}
      >
        <thead className="border-b border-hair text-xs text-muted">
          <tr>
            {head.map((column, index) => (
              <HeadCell key={`${index}-${typeof column === "string" ? column : column.label}`} column={column} />
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-hair">{children}</tbody>
      </table>
    </div>
  );
}

function HeadCell({ column }: { column: Head }) {
  const {
    label,
    numeric = false,
    hidden = false,
    sort,
    className = "",
  } = typeof column === "string" ? { label: column } : column;
  const name = hidden ? <span className="sr-only">{label}</span> : label;
  return (
    <th
      scope="col"
      {...(sort?.direction && { "aria-sort": sort.direction })}
      className={`px-3 py-1.5 font-medium whitespace-nowrap ${numeric ? "text-right" : ""} ${className}`}
    >
      {sort === undefined ? (
        name
      ) : (
        <button type="button" onClick={sort.onSort} className="min-h-6 font-medium hover:text-text hover:underline">
          {name}
          <span aria-hidden="true" className={sort.direction === null ? "invisible" : ""}>
            {sort.direction === "ascending" ? " ↑" : " ↓"}
          </span>
        </button>
      )}
    </th>
  );
}

/** One row of a `Table`. */
export function Row({ selected, className = "", ...rest }: ComponentProps<"tr"> & { selected?: boolean | undefined }) {
  return (
    <tr
      {...rest}
      {...(selected !== undefined && { "aria-selected": selected })}
      className={`hover:bg-sunk ${selected ? "bg-sunk" : ""} ${className}`}
    />
  );
}

type CellProps = ComponentProps<"td"> & {
  numeric?: boolean | undefined;
  /** The cell names its row. */
  header?: boolean | undefined;
  /** Long text may break over lines. */
  wrap?: boolean | undefined;
};

/** One cell of a `Row`. */
export function Cell({ numeric = false, header = false, wrap = false, className = "", ...rest }: CellProps) {
  const look = `px-3 align-middle ${numeric ? "text-right" : ""} ${wrap ? "min-w-40" : "whitespace-nowrap"} ${className}`;
  if (header) return <th scope="row" {...rest} className={`font-medium ${look}`} />;
  return <td {...rest} className={look} />;
}
