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
    ["tabs and a byte order mark", "\uFEFFdate\tmodel\tamount\n2026-11-03\tm\t1.5"],
  ])("is read with %s", async (_name, text) => {
    expect(await read(text)).toEqual([["2026-11-03", "m", 1_500_000_000_000n]]);
  });

  test("is one, however many slices it is read in", async () => {
    const rows = '2026-11-03,"a, “b”",0.000001\n'.repeat(20_000);
    expect(await read(`date,model,amount\n${rows}`)).toEqual([["2026-11-03", "a, “b”", 20_000_000_000n]]);
  });

  test.each([
    ["date,amount\n2026-11-03,1\n\nsoon,1\n", 4, /^“soon” is no day/],
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
