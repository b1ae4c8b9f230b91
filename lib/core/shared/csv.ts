export type CsvCell = string | number | bigint | boolean | null;

/** What a spreadsheet takes for the start of a formula; full-width forms and leading white space are read through. */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

/** A semicolon is quoted too: spreadsheets of many locales split at it. */
const NEEDS_QUOTES = /[",;\r\n\t]|^\s|\s$/;

/**
 * One record of a CSV file with its line break.
 *
 * Text that a spreadsheet would run as a formula is prefixed with `'` (`safety.md` T94); numbers stay numbers, null is
 * an empty cell.
 *
 * @source RFC 4180
 */
export function csvRow(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "bigint" || Number.isFinite(cell)) return String(cell);
  const text = String(cell);
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
