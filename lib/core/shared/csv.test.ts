import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { csvRow } from "./csv";

/** Any code point but a surrogate, small ones often. The `binary` unit of fast-check takes a second to set up. */
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

describe("csvRow", () => {
  test("writes one record, quoting what RFC 4180 needs quoted", () => {
    expect(csvRow(["a", 'say "hi"', "b,c", "two\r\nlines", "a;b", " x", ""])).toBe(
      'a,"say ""hi""","b,c","two\r\nlines","a;b"," x",\r\n',
    );
  });

  test("writes numbers as numbers and null as nothing", () => {
    expect(csvRow([-1.5, 0, 12345678901234567890n, true, null])).toBe("-1.5,0,12345678901234567890,true,\r\n");
  });

  test.each([
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1",
    "\ufeff=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    '=HYPERLINK("https://evil.example","x")',
    "-5",
  ])("T94 keeps a spreadsheet from running %j", (payload) => {
    const row = csvRow([payload]);
    expect(row.replace(/^"/, "")).toMatch(/^'/);
  });

  test("T94 keeps the words of numbers that are none from running", () => {
    expect(csvRow([Number.NEGATIVE_INFINITY, Number.NaN])).toBe("'-Infinity,NaN\r\n");
  });

  test("keeps every cell apart, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: anyCharacter }), { minLength: 1 }), (cells) => {
        const read = readRecord(csvRow(cells));
        expect(read.map((cell, index) => (cell === cells[index] ? cell : cell.slice(1)))).toEqual(cells);
      }),
    );
  });
});

/** A reader of RFC 4180 records that shares nothing with the writer. */
function readRecord(record: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < record.length; at += 1) {
    const character = record.charAt(at);
    if (quoted && character === '"' && record[at + 1] === '"') {
      cell += character;
      at += 1;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && (character === "," || record.slice(at) === "\r\n")) {
      cells.push(cell);
      cell = "";
    } else {
      cell += character;
    }
  }
  return cells;
}
