import { describe, expect, test } from "vitest";

import { absoluteTime, relativeTime, timeText } from "./time-text";

const NOW = Date.UTC(2026, 10, 20, 14, 30, 0);
const at = (deltaMs: number) => new Date(NOW + deltaMs);

describe("times", () => {
  test.each([
    [-1, "just now"],
    [-59_000, "just now"],
    [1_500, "just now"],
    [-61_000, "1 min. ago"],
    [-3_600_000, "1 hr. ago"],
    [9_999, "in 9 sec."],
    [119_999, "in 1 min."],
    [2 * 86_400_000, "in 2 days"],
  ])("%d ms away is %s", (delta, text) => {
    expect(relativeTime(delta)).toBe(text);
  });

  test("name the day as soon as a clock alone could mean another one", () => {
    expect(timeText(at(-3_600_000), "relative", "utc", NOW)).toBe("1 hr. ago · 13:30 UTC");
    expect(timeText(at(-25 * 3_600_000), "relative", "utc", NOW)).toBe("1 day ago · 19 Nov 2026, 13:30 UTC");
  });

  test("say UTC whenever they are", () => {
    expect(absoluteTime(at(0), "clock", "utc", null)).toBe("14:30:00 UTC");
    expect(absoluteTime(at(0), "date", "utc", NOW)).toBe("20 Nov 2026, 14:30 UTC");
  });
});
