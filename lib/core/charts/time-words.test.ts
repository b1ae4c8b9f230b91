import { describe, expect, test } from "vitest";

import { axisWords, bucketWords, rangeWords } from "./time-words";

const at = (iso: string) => new Date(iso);
const NOW = at("2026-11-30T10:00:00Z");
const BERLIN = "Europe/Berlin";

describe("rangeWords", () => {
  test.each([
    ["2026-10-28T23:00:00Z", "2026-11-27T15:42:00Z", "29 Oct – 27 Nov"],
    ["2026-11-27T13:00:00Z", "2026-11-27T15:42:00Z", "27 Nov, 14:00 – 16:42"],
    ["2026-11-26T15:42:00Z", "2026-11-27T15:42:00Z", "26 Nov, 16:42 – 27 Nov, 16:42"],
    ["2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z", "1 Nov – 30 Nov"],
    ["2026-11-28T23:00:00Z", "2026-11-29T23:00:00Z", "29 Nov"],
    ["2026-11-27T23:00:00Z", "2026-11-29T23:00:00Z", "28 Nov – 29 Nov"],
    ["2025-10-28T23:00:00Z", "2026-11-27T15:42:00Z", "29 Oct 2025 – 27 Nov 2026"],
  ])("%s to %s is %s", (from, to, words) => {
    expect(rangeWords({ from: at(from), to: at(to) }, BERLIN, NOW)).toBe(words);
  });
});

test("a point is told in its zone, in full and short", () => {
  const noon = at("2026-11-24T23:00:00Z");
  expect(bucketWords(noon, "day", BERLIN)).toBe("Wed 25 Nov");
  expect(bucketWords(noon, "hour", "UTC")).toBe("24 Nov, 23:00");
  expect(bucketWords(noon, "week", BERLIN)).toBe("week of 25 Nov");
  expect(axisWords(noon, "hour", { zone: "UTC", withinDay: true })).toBe("23:00");
  expect(axisWords(noon, "day", { zone: BERLIN, withinDay: false })).toBe("25 Nov");
});
