import { describe, expect, test } from "vitest";

import { readFile } from "./read-file";

async function read(text: string) {
  const reading = await readFile(text);
  return reading.ok ? reading.invoice.entries.map(({ day, model, units }) => [day, model, units]) : reading.faults;
}

describe("a file of an invoice", () => {
  test.each([
    ["commas", "date,model,amount\n2026-11-03,m,1.5\n"],
    ["semicolons", "Date;Model;Amount\r\n2026-11-03;m;$1.5\r\n"],
    ["bars", "date|model|amount\n2026-11-03|m|1.5\n"],
    ["Excel's first line", "\uFEFFsep=;\r\ndate;model;amount\r\n2026-11-03;m;1.5\r\n"],
    ["Excel's first line, saved again", '"sep=;"\ndate;model;amount\n2026-11-03;m;1.5\n'],
    [
      "Excel's first line for commas though the header has more semicolons",
      "SEP=,\ndate,model,amount,a;b;c;d;e\n2026-11-03,m,1.5,",
    ],
    ["blank lines before the header", "\n \r\n;;\ndate;model;amount\n2026-11-03;m;1.5\n"],
    ["blank lines below and between", "date,model,amount\n\n2026-11-03,m,1.5\n,,\n , \n,,,,,\n"],
    ["semicolons, and commas in quotes", 'date;model;amount;"a, b, c, d, e"\n2026-11-03;m;1.5;'],
    ["tabs and a byte order mark", "\uFEFFdate\tmodel\tamount\n2026-11-03\tm\t1.5"],
  ])("is read with %s", async (_name, text) => {
    expect(await read(text)).toEqual([["2026-11-03", "m", 1_500_000_000_000n]]);
  });

  test("may have 200 columns, and a cell with more commas than that", async () => {
    const note = `"${",\n".repeat(300)}"`;
    const text = `date,model,amount${",x".repeat(197)}\n2026-11-03,m,1.5,${note}${",".repeat(196)}\n`;
    expect(await read(text)).toEqual([["2026-11-03", "m", 1_500_000_000_000n]]);
  });

  test("is one, however many slices it is read in", async () => {
    const rows = '2026-11-03,"a, “b”",0.000001\n'.repeat(20_000);
    expect(await read(`date,model,amount\n${rows}`)).toEqual([["2026-11-03", "a, “b”", 20_000_000_000n]]);
  });

  test.each([
    ["date,amount\n2026-11-03,1\n\nsoon,1\n", 4, /^“soon” is no day/],
    ["sep=;\n\ndate;amount\nsoon;1\n", 4, /^“soon” is no day/],
    ["date,amount,note\n2026-11-03,1,a\0b\n", 2, /^it holds the character U\+0000/],
    ["date,amount,no\0te\n2026-11-03,1,a\n", 1, /^it holds the character U\+0000/],
    ['date,amount\n2026-11-03,1\r\n2026-11-03,"1\0"\n', 3, /^it holds the character U\+0000/],
    ["\0", 1, /^it holds the character U\+0000/],
    [`date,amount${",".repeat(60_000)}\n2026-11-03,1\n`, 1, /^it has more than 200 columns. Leave out/],
    [`date,amount${",x".repeat(199)}\n2026-11-03,1\n`, 1, /^it has more than 200 columns/],
    [`date,amount\n2026-11-03,1\n2026-11-03,1${",".repeat(2_500_000)}\n`, 3, /^it has more than 200 columns/],
    [`date,amount\n${",\n".repeat(100_001)}`, 100_002, /^more than 100,000 lines are blank/],
    ['date,amount\n2026-11-03,"1\n', 2, /^a quote is opened and never closed/],
    ['date,amount\n2026-11-03,1"2"\n', 2, /^it is no line of a CSV file/],
    [`date,model,amount\n${"2026-11-03,m,1\n".repeat(200_001)}`, 200_002, /^the file has more than 200,000 rows/],
  ])(
    "is refused by line and reason: %#",
    async (text, line, message) => {
      expect(await read(text)).toMatchObject([{ line, message: expect.stringMatching(message) }]);
    },
    30_000,
  );
});
