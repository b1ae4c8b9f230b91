/** How many columns a CSV file may have. */
const MOST_COLUMNS = 200;

/** As much of a file is looked at for where its header is. */
const LONGEST_START = 65_536;

const [NUL, LF, CR, QUOTE] = [0, 10, 13, 34];

/** What is no CSV, with the line where that shows. */
export class CsvFault extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/** Why a line is refused that has more or fewer cells than the header. A decimal comma makes one too many. */
export const raggedText = (cells: number, header: number): string =>
  `it has ${cells} ${cells === 1 ? "cell" : "cells"}, the header ${header}.${cells > header ? " Write decimals with a point, as 1.50." : ""}`;

const DELIMITERS = [",", ";", "\t", "|"] as const;
/** Excel's own first line, which says what stands between cells; saved again, it has as many cells as the others. */
const SEPARATOR_LINE = /^\uFEFF?"?sep=([,;\t|])"?[,;\t|]*(?=[\r\n])/i;
const BLANK_LINE = /^[\s\uFEFF,;|"]*$/;

/** What stands between the cells, and where what is to be read starts: the end of a line that only says so. */
export function startOf(text: string): { readonly delimiter: string; readonly from: number } {
  const start = text.slice(0, LONGEST_START);
  const said = SEPARATOR_LINE.exec(start);
  if (said?.[1] !== undefined) return { delimiter: said[1], from: said[0].length };
  const header = start.split(/[\r\n]/).find((line) => !BLANK_LINE.test(line)) ?? "";
  const unquoted = header.replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => unquoted.split(delimiter).length;
  return { delimiter: DELIMITERS.reduce((most, one) => (count(one) > count(most) ? one : most)), from: 0 };
}

/**
 * Looks a CSV file over before it is parsed, a part at a time, for what costs a parser too much or no database stores.
 *
 * @returns takes the file up to a place. @returns what is wrong there
 */
export function csvGuard(text: string, delimiter: string): (end: number) => CsvFault | null {
  const between = delimiter.charCodeAt(0);
  let [at, line, columns, isQuoted] = [0, 1, 1, false];
  return (end) => {
    for (; at < end && at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) isQuoted = !isQuoted;
      else if (code === NUL) return new CsvFault(line, "it holds the character U+0000, which no text may have.");
      else if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) {
        line += 1;
        if (!isQuoted) columns = 1;
      } else if (code === between && !isQuoted) {
        columns += 1;
        if (columns > MOST_COLUMNS)
          return new CsvFault(line, `it has more than ${MOST_COLUMNS} columns. Leave out those that are not needed.`);
      }
    }
    return null;
  };
}
