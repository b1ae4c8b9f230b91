import { expect, test } from "vitest";

import { capsOf, capStand } from "./cap";
import type { StoredBudget } from "./shown";

const budget = (more: Partial<StoredBudget>): StoredBudget => ({
  id: "01a22d78-056a-74a4-b447-71deb81cf90c",
  scope: "workspace",
  value: "",
  period: "day",
  zone: "UTC",
  metric: "cost_usd",
  amount: "100.00",
  warn_at: 0.8,
  created_by: "Ana",
  created_at: new Date("2026-11-01T00:00:00Z"),
  label: null,
  ...more,
});

test("the cap of a period is the smallest budget of all spend in dollars and in this zone", () => {
  const budgets = [
    budget({}),
    budget({ amount: "40.50" }),
    budget({ amount: "1.00", scope: "agent", value: "a" }),
    budget({ amount: "2.00", zone: "Europe/Berlin" }),
    budget({ amount: "3", metric: "tokens" }),
    budget({ amount: "4.00", period: "week" }),
  ];
  expect(capsOf(budgets, "UTC")).toEqual({ day: "40500000000000", month: null });
  expect(capsOf(budgets, "Etc/UTC")).toEqual(capsOf(budgets, "UTC"));
  expect(capsOf(budgets, "Asia/Kolkata")).toEqual({ day: null, month: null });
});

test("a burn of 1 uses the cap up as the period ends, on a day of 23 hours too", () => {
  const when = { period: "day", zone: "Europe/Berlin" } as const;
  const half = { ...when, now: new Date("2026-03-29T10:30:00Z") }; // 11.5 of the 23 hours
  const stand = capStand({ spentPicos: "50", expectedPicos: "130" }, "100", half);
  expect(stand).toEqual({ share: 0.5, burn: 1, expectedOver: "30" });
  const early = { ...when, now: new Date("2026-03-28T23:01:00Z") };
  expect(capStand({ spentPicos: "1", expectedPicos: "90" }, "100", early)).toMatchObject({
    burn: null,
    expectedOver: "0",
  });
});
