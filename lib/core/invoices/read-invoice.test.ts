import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { csvRow } from "@/lib/core/shared/csv";
import { usdOfPico } from "@/lib/core/shared/money";

import { invoiceReader, type InvoiceReading } from "./read-invoice";
import type { ReadInvoice } from "./schema";

/** Each row of the text is one line of the file. */
function reading(text: string): InvoiceReading {
  const reader = invoiceReader();
  const rows = parse(text, { relax_column_count: true, delimiter: [",", ";"], skip_empty_lines: true });
  rows.every((cells, index) => reader.take(cells, index + 1));
  return reader.done();
}

function read(text: string): ReadInvoice {
  const result = reading(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.invoice;
}

function faults(text: string): readonly (readonly [number, string])[] {
  const result = reading(text);
  return result.ok ? [] : result.faults.map(({ line, message }) => [line, message] as const);
}

const rowsOf = ({ entries }: ReadInvoice) =>
  entries.map(({ day, model, key, units }) => [day, model, key, String(units)]);
const readAs = ({ columns }: ReadInvoice) =>
  Object.fromEntries(columns.flatMap(({ name, as }) => (as ? [[name, as]] : [])));

describe("reading an invoice", () => {
  test("takes OpenAI's costs: items without what they are of, days without calls left out", () => {
    const invoice = read(
      [
        "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,user_id,api_key_id,project_id,organization_id",
        '1793664000,1793750400,2026-11-03T00:00:00+00:00,2026-11-04T00:00:00+00:00,0.8958740000000000,usd,12,,"gpt-4o-2024-08-06, input",,key_a,proj_1,org-1',
        '1793664000,1793750400,2026-11-03T00:00:00+00:00,2026-11-04T00:00:00+00:00,1.2e-05,usd,12,,"gpt-4o-2024-08-06, output",,key_a,proj_1,org-1',
        "1793750400,1793836800,2026-11-04T00:00:00+00:00,2026-11-05T00:00:00+00:00,,,,,,,,,",
      ].join("\n"),
    );
    expect(invoice).toMatchObject({ provider: "openai", measure: "usd", rows: 3 });
    expect(rowsOf(invoice)).toEqual([["2026-11-03", "gpt-4o-2024-08-06", "key_a", "895886000000"]]);
    expect(readAs(invoice)).toEqual({
      start_time_iso: "day",
      amount_value: "amount",
      amount_currency: "currency",
      line_item: "model",
      api_key_id: "key",
    });
  });

  test("takes OpenAI's usage: cached tokens are within its input", () => {
    const invoice = read(
      [
        "start_time,end_time,project_id,num_model_requests,api_key_id,model,input_tokens,output_tokens,input_cached_tokens",
        "1793664000,1793750400,proj_1,3,key_a,gpt-4o,1000,50,400",
      ].join("\r\n"),
    );
    expect(invoice).toMatchObject({ provider: "openai", measure: "tokens" });
    expect(rowsOf(invoice)).toEqual([["2026-11-03", "gpt-4o", "key_a", "1050"]]);
  });

  test("takes Anthropic's costs and usage", () => {
    const costs = read(
      [
        "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type",
        "2026-11-03,Claude Haiku 4.5,Default,desk,message,≤ 200k,input_no_cache,0.05,0.06,token",
        "2026-11-03,Claude Haiku 4.5,Default,desk,message,≤ 200k,output,0.10,0.12,token",
      ].join("\n"),
    );
    expect(costs).toMatchObject({ provider: "anthropic", measure: "usd" });
    expect(rowsOf(costs)).toEqual([["2026-11-03", "Claude Haiku 4.5", "desk", "150000000000"]]);
    const usage = read(
      [
        "usage_date_utc,model_version,api_key,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count",
        "2026-11-03,claude-haiku-4-5-20251001,desk,100,20,3,4000,500,9",
      ].join("\n"),
    );
    expect(rowsOf(usage)).toEqual([["2026-11-03", "claude-haiku-4-5-20251001", "desk", "4623"]]);
  });

  test("takes a plain table, and a time by its UTC day", () => {
    expect(rowsOf(read("Date;Model;Key;Amount\n2026-11-03T23:30:00-02:00;m;k;$1.50\n"))).toEqual([
      ["2026-11-04", "m", "k", "1500000000000"],
    ]);
    const plain = read("date,tokens\n2026-11-03,12\n");
    expect(plain).toMatchObject({ provider: null, measure: "tokens" });
    expect(rowsOf(plain)).toEqual([["2026-11-03", "", "", "12"]]);
  });

  test("keeps of a long column name its beginning, as text that can be stored", () => {
    const [, , kept] = read(`date,amount,${"n".repeat(99)}😀${"n".repeat(200)}\n2026-11-03,1,\n`).columns;
    expect(kept).toEqual({ name: `${"n".repeat(99)}\uFFFD`, as: null });
  });

  test("keeps of a whole key only its end", () => {
    const key = `sk-proj-${"aB3".repeat(14)}wxyz`;
    expect(rowsOf(read(`date,key,amount\n2026-11-03,${key},1\n`))).toEqual([
      ["2026-11-03", "", "…wxyz", "1000000000000"],
    ]);
  });

  test.each([
    ["", [1, /^the file is empty/]],
    ["date,amount\n", [1, /^below the header, nothing/]],
    ["when,amount\n2026-11-03,1\n", [1, /^No column says the day.*`when`, `amount`/]],
    ["date,model\n2026-11-03,m\n", [1, /^No column says an amount or tokens/]],
    ["date,amount,Amount\n2026-11-03,1,2\n", [1, /^Two columns are named `amount`/]],
    ["date,amount\n2026-11-03,1\n03/11/2026,1\n", [3, /^“03\/11\/2026” is no day/]],
    ["date,amount\n2026-02-31,1\n", [2, /is no day/]],
    ["date,amount\n2026-02-31T00:00:00Z,1\n", [2, /“2026-02-31T00:00:00Z” is no day/]],
    ["date,amount\n2026-02-29 23:30:00-02:00,1\n", [2, /is no day/]],
    ["date,amount\n2026-11-31T12:00 UTC,1\n", [2, /is no day/]],
    ["date,amount\n2026-00-10T12:00,1\n", [2, /is no day/]],
    ['date,amount\n2026-11-03,"1,50"\n', [2, /^the amount “1,50” cannot be read. Write 1.50.$/]],
    ['date,amount\n2026-11-03,"1.234,50"\n', [2, /cannot be read. Write numbers with a point before/]],
    ["date,tokens\n2026-11-03,12.000\n", [2, /is no number of tokens. Write it without a point/]],
    ["date,amount\n2026-11-03\n", [2, /^it has 1 cell, the header 2.$/]],
    ['date,amount\n2026-11-03,"1,234.50"\n', [2, /^the amount “1,234.50” cannot be read/]],
    ["date,amount\n2026-11-03,-2\n", [2, /is negative/]],
    ["date,amount,currency\n2026-11-03,2,EUR\n", [2, /^the currency is “eur”/]],
    ["date,model,amount\n2026-11-03,m,\n", [2, /^the amount is empty/]],
    ["date,amount\n2026-11-03,1,2\n", [2, /^it has 3 cells, the header 2. Write decimals with a point/]],
    ["date,tokens\n2026-11-03,1.5\n", [2, /is no number of tokens/]],
    ["date,amount\n2024-11-03,1\n2026-11-03,1\n", [1, /at most 400 days/]],
  ] as const)("says where and why it cannot read %j", (text, [line, reason]) => {
    const [first] = faults(text);
    expect(first?.[0]).toBe(line);
    expect(first?.[1]).toMatch(reason);
  });

  test("names at most ten lines", () => {
    expect(faults(`date,amount\n${"x,1\n".repeat(50)}`)).toHaveLength(10);
  });

  test("adds up to exactly what its rows say", () => {
    const row = fc.record({
      day: fc.integer({ min: 1, max: 28 }),
      model: fc.constantFrom("gpt-4o", "gpt-4o-mini", "", "=cmd", 'with "quotes", and commas'),
      key: fc.constantFrom("", "one", "two"),
      picos: fc.bigInt({ min: 0n, max: 10n ** 15n }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const text = [
          csvRow(["date", "model", "key", "cost_usd"]),
          ...rows.map(({ day, model, key, picos }) =>
            csvRow([`2026-11-${String(day).padStart(2, "0")}`, model, key, usdOfPico(picos)]),
          ),
        ].join("");
        const { entries, rows: count } = read(text);
        expect(count).toBe(rows.length);
        expect(entries.reduce((sum, { units }) => sum + units, 0n)).toBe(
          rows.reduce((sum, { picos }) => sum + picos, 0n),
        );
        expect(new Set(entries.map(({ day, model, key }) => JSON.stringify([day, model, key]))).size).toBe(
          entries.length,
        );
      }),
      { numRuns: 60 },
    );
  });
});
