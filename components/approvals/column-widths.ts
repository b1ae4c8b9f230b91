import type { CellChange, PartBody } from "@/lib/core/approvals/part";

const CHAR_PX = 8;
const PADDING_PX = 24;
const LEAST_CHARS = 6;
const MOST_CHARS = 40;
const CHANGE_PX = 104;
const FLAGS_PX = 172;

/** Pixel widths of a long table's columns, by what its first rows hold; null takes what is left. */
export function widthsOf(body: PartBody, flagged: boolean): readonly (number | null)[] {
  const flags = flagged ? [FLAGS_PX] : [];
  if (body.kind === "lines") return [64, null];
  if (body.kind === "paths") return [CHANGE_PX, 240, 240, 240, ...flags];
  if (body.kind === "arguments") return [240, 80, null];
  if (body.kind === "command") return [null];
  const longest = body.columns.map((column, index) => {
    const lengths = body.rows.map((row) => lengthOf(row.cells[index]));
    return Math.min(MOST_CHARS, Math.max(LEAST_CHARS, column.length, ...lengths));
  });
  return [CHANGE_PX, ...flags, ...longest.map((chars) => Math.round(chars * CHAR_PX + PADDING_PX))];
}

function lengthOf(cell: CellChange | undefined): number {
  const side = (value: CellChange["before"]) => value?.head.length ?? 0;
  return cell === undefined ? 0 : Math.max(side(cell.before), side(cell.after)) + (cell.changed ? 2 : 0);
}
