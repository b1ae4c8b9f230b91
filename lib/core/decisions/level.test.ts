import { describe, expect, test } from "vitest";

import { BLAST_RADII, REVERSIBILITIES } from "@/lib/core/tools/schema";

import { columnOf, levelResults, levelVerdict } from "./level";

const LEVELS = [1, 2, 3, 4] as const;

describe("the table of levels", () => {
  test.each([
    ["read", "allow allow allow allow"],
    ["reversible_low", "recommend require_approval allow allow"],
    ["reversible", "recommend require_approval require_approval allow"],
    ["irreversible", "recommend require_approval require_approval require_approval"],
  ] as const)("%s: %s", (column, verdicts) => {
    expect(LEVELS.map((level) => levelVerdict(level, column)).join(" ")).toBe(verdicts);
  });

  test.each([
    ["read", "read read read irreversible"],
    ["reversible", "reversible_low reversible_low reversible irreversible"],
    ["partially_reversible", "reversible reversible reversible irreversible"],
    ["irreversible", "irreversible irreversible irreversible irreversible"],
  ] as const)("%s falls into %s as its harm reaches further", (reversibility, columns) => {
    expect(BLAST_RADII.map((radius) => columnOf(reversibility, radius)).join(" ")).toBe(columns);
  });

  test("irreversible actions are never automatic, at any level", () => {
    for (const radius of BLAST_RADII) {
      for (const level of LEVELS) expect(levelVerdict(level, columnOf("irreversible", radius))).not.toBe("allow");
    }
  });

  test("names level and column in the rule, and the class in words", () => {
    const results = levelResults({
      name: "t",
      path: "/tools/allowed/0",
      reversibility: "partially_reversible",
      blastRadius: "low",
      catalogued: true,
    });

    expect(results[3]).toMatchObject({
      rule: "level.3.reversible",
      reasons: [
        {
          message:
            "`t` is only partially reversible with low blast radius; at level 3 (Routine autonomy) a person must approve it.",
        },
      ],
    });
    expect(REVERSIBILITIES).toHaveLength(4);
  });
});
