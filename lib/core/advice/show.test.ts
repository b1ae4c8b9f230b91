import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { adviceCsv } from "./csv";
import { stateOf } from "./dismissal";
import type { AdviceFacts, StoredAdvice } from "./schema";
import { showAdvice } from "./show";
import { sayAdvice } from "./words";

const WINDOW = { from: new Date("2026-11-16T12:15:00Z"), to: new Date("2026-11-30T12:15:00Z") };
const AT = new Date("2026-11-30T12:00:00Z");

const READS: AdviceFacts = {
  kind: "repeated_reads",
  agent: "triage",
  tool: "=read()",
  calls: 20,
  repeats: 8,
  within_run: 3,
  runs: 1,
  priced: 5,
  took_ms: 960,
};
const LIMITS: AdviceFacts = {
  kind: "rate_limits",
  of: "mcp_server",
  name: "crm",
  calls: 200,
  refused: 10,
  runs: 4,
  agents: 1,
  error_types: ["429"],
  priced: 0,
  took_ms: 4_000,
};

const advice = (change: Partial<StoredAdvice> = {}): StoredAdvice => ({
  id: "0".repeat(32),
  facts: READS,
  ...WINDOW,
  month_picos: "1000000000000",
  n: 8,
  found_at: AT,
  dismissal: null,
  ...change,
});
const dismissed = (month_picos: string | null, n: number) => ({
  id: "018f5b9e-0000-7000-8000-000000000000",
  reason: "We know",
  by: "Ada",
  at: AT,
  month_picos,
  n,
});

describe("a dismissal", () => {
  test("holds until the money doubles, or where it is not known the calls", () => {
    expect(stateOf(advice())).toBe("open");
    const at = (now: string | null, n: number, then: string | null, thenN: number) =>
      stateOf({ month_picos: now, n, dismissal: dismissed(then, thenN) });
    expect(at("199", 100, "100", 1)).toBe("dismissed");
    expect(at("200", 1, "100", 1)).toBe("returned");
    expect(at(null, 9, null, 5)).toBe("dismissed");
    expect(at(null, 10, "100", 5)).toBe("returned");
    expect(at("100", 9, "0", 5)).toBe("dismissed");
  });

  test("holds for whatever is worth no more than when it was dismissed", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 20n), fc.integer({ min: 1, max: 1_000_000 }), (picos, n) => {
        expect(stateOf({ month_picos: String(picos), n, dismissal: dismissed(String(picos), n) })).toBe("dismissed");
        expect(stateOf({ month_picos: null, n, dismissal: dismissed(null, n) })).toBe("dismissed");
      }),
    );
  });
});

test("what is worth most comes first, and what nobody knows the money of last", () => {
  const shown = showAdvice([
    advice({ id: "1".repeat(32), month_picos: null, n: 900 }),
    advice({ id: "2".repeat(32), month_picos: "2" }),
    advice({ id: "3".repeat(32), month_picos: "10000000000000000000000" }),
    advice({ id: "4".repeat(32), month_picos: "0" }),
  ]);
  expect(shown.map(({ id }) => id[0])).toEqual(["3", "2", "4", "1"]);
});

test("advice says no more than is known, and opens the runs of its days", () => {
  const { what, money, sure } = sayAdvice(advice());
  expect(what).toBe("triage called =read() 8 times with arguments it had used within the same hour.");
  expect(money).toContain("The reported cost of 5 of the 8 repeats.");
  expect(sure).toMatch(/^8 of 20 calls in 14 days, in 1 run, /);
  const [limits] = showAdvice([advice({ facts: LIMITS, month_picos: null })]);
  expect(limits?.money).toContain("Nobody reported what the refused calls cost.");
  expect(limits?.sure).toMatch(/^5\.0 % \(2\.7 – 9\.0 %\) of calls in 14 days, in 4 runs of 1 agent\./);
  expect(limits?.runs_href).toBe(
    "/runs?mcp_server=crm&outcome=rate_limited&from=2026-11-16T12%3A15%3A00.000Z&to=2026-11-30T12%3A15%3A00.000Z&tz=UTC",
  );
});

test("as CSV it is one row each that no spreadsheet runs", () => {
  const items = showAdvice([advice({ dismissal: dismissed("1000000000000", 8) }), advice({ month_picos: null })]);
  const lines = adviceCsv({ evaluated_at: AT, items }, AT).split("\r\n");
  expect(lines).toHaveLength(7);
  expect(lines[3]).toMatch(/^id,kind,state,advice,usd a month,/);
  expect(lines[4]).toMatch(/^0{32},Repeated reads,dismissed,[^,]*,1\.00,/);
  expect(lines[4]).toMatch(/,Ada,2026-11-30T12:00:00\.000Z,We know$/);
  expect(lines[5]).toMatch(/^0{32},Repeated reads,open,[^,]*,,/);
});
