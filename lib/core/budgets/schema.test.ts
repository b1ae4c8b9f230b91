import { describe, expect, test } from "vitest";

import { BudgetInput } from "./schema";
import { budgetText } from "./words";

const budget = { scope: "workspace", period: "day", metric: "cost_usd", amount: "5.00" };

describe("a budget's zone", () => {
  test.each([
    ["utc", "UTC"],
    ["Etc/UTC", "UTC"],
    [" europe/berlin ", "Europe/Berlin"],
    ["US/Eastern", "America/New_York"],
    [undefined, "UTC"],
  ])("%s is kept as %s, whatever name it was given by", (zone, kept) => {
    expect(BudgetInput.parse({ ...budget, zone }).zone).toBe(kept);
  });

  test("is refused where there is none of that name", () => {
    for (const zone of ["", "Mars/Olympus", "\u200b"]) {
      const paths = BudgetInput.safeParse({ ...budget, zone }).error?.issues.map(({ path }) => path.join("/"));
      expect(paths).toEqual(["zone"]);
    }
  });
});

test("an amount of one is said in the singular", () => {
  expect(budgetText("tokens", "1")).toBe("1 token");
  expect(budgetText("tokens", "1204")).toBe("1,204 tokens");
});
