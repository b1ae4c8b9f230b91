import { describe, expect, test } from "vitest";

import { failuresText, refusedSince, type StoredDependency, shownDependency } from "./dependency";
import { DependencyName, RegisterToolInput } from "./schema";

const NOW = new Date("2026-04-08T10:00:00Z");
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);
const stored = (changes: Partial<StoredDependency>): StoredDependency => ({
  name: "stripe.com",
  tools: ["charge"],
  tool_count: 1,
  failures: 10,
  agents: 7,
  since: ago(300),
  failed_at: ago(20),
  trial_at: null,
  refused: 4,
  ...changes,
});

describe("the state of a dependency", () => {
  test.each<[string, Partial<StoredDependency>, string, Date | null]>([
    ["nothing failed", { failures: 0, since: null, failed_at: null }, "closed", null],
    ["too few failed", { failures: 9 }, "closed", null],
    ["enough failed", {}, "open", ago(-40)],
    ["it has cooled down", { failed_at: ago(60) }, "half_open", null],
    ["one call tries", { failed_at: ago(90), trial_at: ago(25) }, "trying", ago(-35)],
    ["nobody said how the trial went", { failed_at: ago(200), trial_at: ago(60) }, "half_open", null],
  ])("when %s", (_name, changes, state, until) => {
    const shown = shownDependency(stored(changes), { failures: 10, cool_down_seconds: 60 }, NOW);
    expect(shown).toMatchObject({ state, until });
    expect(shown).not.toHaveProperty("trial_at");
  });
});

test("refused calls are counted in this hour and the 23 before it", () => {
  expect(refusedSince(new Date("2026-04-08T10:59:59.999Z"))).toEqual(new Date("2026-04-07T11:00:00Z"));
  expect(refusedSince(NOW)).toEqual(new Date("2026-04-07T11:00:00Z"));
});

test.each<[Partial<StoredDependency>, string]>([
  [{ failures: 0, agents: 0 }, "None"],
  [{ failures: 2, agents: 1 }, "2 of 10, 1 agent"],
  [{}, "10, 7 agents"],
  [{ failures: 400, agents: 100 }, "400, 100 agents or more"],
])("%j is told as %s", (changes, text) => {
  const limits = { failures: 10, cool_down_seconds: 60 };
  expect(failuresText(shownDependency(stored(changes), limits, NOW), limits)).toBe(text);
});

describe("the name of a dependency", () => {
  test.each([
    ["stripe.com", "stripe.com"],
    ["  Stripe.COM ", "stripe.com"],
    ["data warehouse", "data warehouse"],
    ["db:5432", "db:5432"],
    ["a", "a"],
    ["x".repeat(100), "x".repeat(100)],
  ])("%j is %j", (text, name) => {
    expect(DependencyName.parse(text)).toBe(name);
  });

  test.each(["", " ", "-a", "a-", "a/b", "a\nb", "ünicode", "x".repeat(101)])("%j is none", (text) => {
    expect(DependencyName.safeParse(text).success).toBe(false);
  });

  test("may be left out, which is not the same as none", () => {
    expect(RegisterToolInput.parse({ name: "t" })).not.toHaveProperty("dependency");
    expect(RegisterToolInput.parse({ name: "t", dependency: null })).toMatchObject({ dependency: null });
  });
});
