import type { CellChange, Clipped, Part, PartBody, RowLine, TextLine } from "./part";

/** How many lines of a long part travel at once. */
export const WINDOW_LINES = 200;
/** As many as the first picture needs. */
export const FIRST_LINES = 40;

/** Some lines of one part, those from `from` on, out of `total` that there are or that were found. */
export type PartWindow = {
  readonly from: number;
  readonly total: number;
  /** Whether any line of the whole part stands out, so that there is a column to say it in from the start. */
  readonly flagged: boolean;
  readonly body: PartBody;
};

/**
 * Cuts a part to the lines that are looked at.
 *
 * @param find keeps only lines in which this text stands, whatever its case; "" keeps all
 */
export function windowOf(part: Pick<Part, "body">, from: number, count: number, find = ""): PartWindow {
  const { body } = part;
  const flagged = isFlagged(body);
  const cut = <Line>(lines: readonly Line[], text: (line: Line) => string) => {
    const sought = find.toLowerCase();
    const found = sought === "" ? lines : lines.filter((line) => text(line).toLowerCase().includes(sought));
    return { lines: found.slice(from, from + count), total: found.length };
  };
  if (body.kind === "rows") {
    const { lines, total } = cut(body.rows, rowText);
    return { from, total, flagged, body: { ...body, rows: lines } };
  }
  if (body.kind === "lines") {
    const { lines, total } = cut(body.lines, lineText);
    return { from, total, flagged, body: { ...body, lines } };
  }
  if (body.kind === "paths") {
    const { lines, total } = cut(body.items, ({ path, before, after, flags }) =>
      [path, textOf(before), textOf(after), ...(flags ?? [])].join(" "),
    );
    return { from, total, flagged, body: { ...body, items: lines } };
  }
  if (body.kind === "arguments") {
    const { lines, total } = cut(body.items, ({ path, value }) => `${path} ${textOf(value)}`);
    return { from, total, flagged, body: { ...body, items: lines } };
  }
  return { from, total: 1, flagged, body };
}

function isFlagged(body: PartBody): boolean {
  if (body.kind === "rows") return body.rows.some((row) => row.flags.length > 0);
  return body.kind === "paths" && body.items.some((item) => (item.flags?.length ?? 0) > 0);
}

const textOf = (value: Clipped | null) => (value === null ? "" : `${value.head} ${value.tail}`);
const cellText = (cell: CellChange) => `${textOf(cell.before)} ${cell.changed ? textOf(cell.after) : ""}`;
const rowText = (row: RowLine) =>
  [
    row.status,
    ...row.flags,
    ...row.cells.map((cell) => (cell.before === null ? textOf(cell.after) : cellText(cell))),
  ].join(" ");
const lineText = (line: TextLine) =>
  line.kind === "gap" ? "" : line.segments.map((segment) => segment.text).join("") + line.tail;
