import { describe, expect, test } from "vitest";

import { DAY_MS } from "@/lib/core/shared/time";

import { type AgentWeek, type OwnerWeek, reviewLines, reviewTitle } from "./review";
import type { ShownObjective } from "./shown";
import { chosenWeek, dueWeek, readWeek, weekOf } from "./week";

describe("a week", () => {
  test.each([
    ["2026-11-30T00:00:00Z", "2026-W49", "2026-11-30"],
    ["2026-11-29T23:59:59Z", "2026-W48", "2026-11-23"],
    // The year of a week is that of its Thursday.
    ["2027-01-03T12:00:00Z", "2026-W53", "2026-12-28"],
    ["2024-12-30T00:00:00Z", "2025-W01", "2024-12-30"],
    ["2023-01-01T00:00:00Z", "2022-W52", "2022-12-26"],
  ])("%s is in %s", (at, name, monday) => {
    const week = weekOf(new Date(at));
    expect([week.name, week.from.toISOString().slice(0, 10)]).toEqual([name, monday]);
    expect(readWeek(name)).toEqual(week);
  });

  test("follows the week before it, through 30 years, and is found by its name", () => {
    let week = weekOf(new Date("2000-01-03T00:00:00Z"));
    for (let n = 0; n < 30 * 52; n += 1) {
      const next = weekOf(week.from, 1);
      expect(next.from).toEqual(week.to);
      expect(readWeek(next.name)).toEqual(next);
      week = next;
    }
  });

  test("is nothing else", () => {
    for (const text of ["", "2026-W00", "2026-W54", "2025-W53", "2026-48", "2026-W481", "x2026-W48"])
      expect(readWeek(text)).toBeNull();
  });

  test("that has not begun gives the one that goes on, and says so", () => {
    const now = new Date("2026-11-30T00:00:00Z");
    const chosen = (name?: string) => {
      const { week, notice } = chosenWeek(name, now);
      return [week.name, notice?.split(".")[0] ?? null];
    };
    expect(chosen()).toEqual(["2026-W48", null]);
    expect(chosen("2026-W49")).toEqual(["2026-W49", null]);
    expect(chosen("2020-W01")).toEqual(["2020-W01", null]);
    for (const name of ["2026-W50", "2026-W53", "2030-W01", "9999-W52"])
      expect(chosen(name)).toEqual(["2026-W49", "There is no such week yet"]);
    expect(chosen("2025-W53")).toEqual(["2026-W48", "There is no such week"]);
  });

  test("is due on the Monday after it from eight on, all day", () => {
    const monday = new Date("2026-11-30T00:00:00Z").getTime();
    const due = (ms: number) => dueWeek(new Date(monday + ms))?.name ?? null;
    expect(due(8 * 3_600_000 - 1)).toBeNull();
    expect(due(8 * 3_600_000)).toBe("2026-W48");
    expect(due(DAY_MS - 1)).toBe("2026-W48");
    expect(due(DAY_MS)).toBeNull();
    expect(due(-1)).toBeNull();
  });
});

describe("the review of a week", () => {
  const agent = (fields: Partial<AgentWeek>): AgentWeek => ({
    agent: "support",
    demo: false,
    level: 2,
    cost: { now: "12400000000000", before: "10300000000000" },
    runs: { now: "1", before: "1200" },
    unpriced: "0",
    moved: [],
    alerts: { fired: 0, actedOn: 0, dismissed: 0, ended: 0, open: 0 },
    objectives: [],
    due: [],
    ...fields,
  });
  const review = (...agents: AgentWeek[]): OwnerWeek => ({ owner: { id: "1", name: "Ada" }, agents, budgets: [] });
  const objective = (name: string, state: string) =>
    ({ agent: name, measure: "success", stand: { state } }) as ShownObjective;

  test("says what it cost and that nothing happened", () => {
    expect(reviewLines(review(agent({})))).toEqual([
      "Cost: $12.40, +$2.10 from $10.30 the week before; 1 run, 1,200 before.",
      "Objectives: none are set.",
      "Alerts: none fired.",
      "Moved: nothing.",
      "Due: nothing.",
    ]);
  });

  test("adds agents up, names what was missed, and keeps long lists short", () => {
    const moved = Array.from({ length: 10 }, (_, n) => ({ at: new Date(n), text: `support: level ${n}`, href: "/" }));
    const alerts = { fired: 3, actedOn: 1, dismissed: 1, ended: 0, open: 1 };
    const objectives = [objective("support", "met"), objective("support", "missed"), objective("support", "too_few")];
    const due = [{ text: "1 open alert", href: "/" }];
    const lines = reviewLines(review(agent({ moved, alerts, objectives, due }), agent({ agent: "triage" })));
    expect(lines.slice(0, 4)).toEqual([
      "Cost: $24.80, +$4.20 from $20.60 the week before; 2 runs, 2,400 before.",
      "Objectives: 1 met, 1 with too few to judge, 1 missed: support (success).",
      "Alerts: 3 fired, 1 acted on, 1 dismissed, 1 still open.",
      "Moved:",
    ]);
    expect(lines.slice(-4)).toEqual(["- support: level 7", "- and 2 more", "Due:", "- support: 1 open alert"]);
    expect(reviewTitle(weekOf(new Date("2026-11-23T00:00:00Z")), review(agent({})))).toBe(
      "Weekly review 2026-W48: 1 agent",
    );
  });
});
