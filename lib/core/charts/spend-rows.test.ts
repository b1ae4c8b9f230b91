import { describe, expect, test } from "vitest";

import type { SpendFigures, SpendRow } from "@/lib/core/figures/spend";

import { sortRows, spendCells } from "./spend-rows";

const FIGURES: SpendFigures = {
  costPicos: "0",
  events: "0",
  errors: "0",
  modelCalls: "4",
  toolCalls: "0",
  tokensInput: "0",
  tokensOutput: "0",
  tokensCacheRead: "0",
  retries: "0",
  failedValidations: "0",
  wastedPicos: "0",
  runs: null,
  succeeded: null,
};

function givenRow(label: string, costPicos: string, more: Partial<SpendRow> = {}): SpendRow {
  return {
    key: label,
    label,
    owner: null,
    agent: null,
    now: { ...FIGURES, costPicos },
    before: null,
    costPerSuccess: null,
    wasteShare: null,
    costs: [],
    costsBefore: null,
    ...more,
  };
}

const labels = (rows: readonly SpendRow[]) => rows.map(({ label }) => label);

describe("sortRows", () => {
  test("compares money exactly, beyond what a number holds", () => {
    const rows = [givenRow("a", "9007199254740992"), givenRow("b", "9007199254740993")];
    expect(labels(sortRows(rows, "cost", "descending"))).toEqual(["b", "a"]);
    expect(labels(sortRows(rows, "cost", "ascending"))).toEqual(["a", "b"]);
  });

  test("puts what nothing is known of last, whichever way", () => {
    const rows = [givenRow("a", "1"), givenRow("b", "1", { wasteShare: 0.5 }), givenRow("c", "1", { wasteShare: 0 })];
    expect(labels(sortRows(rows, "waste", "descending"))).toEqual(["b", "c", "a"]);
    expect(labels(sortRows(rows, "waste", "ascending"))).toEqual(["c", "b", "a"]);
  });
});

test("a file has a cell for each column of its head, and what is unknown is empty", () => {
  const [head, row] = spendCells("Model", [givenRow("gpt-5", "1500000000000")]);
  expect(row).toHaveLength(head?.length ?? 0);
  expect(row?.slice(0, 5)).toEqual(["gpt-5", null, "1.50", null, null]);
});
