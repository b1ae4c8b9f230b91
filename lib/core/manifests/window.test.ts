import { afterEach, describe, expect, test, vi } from "vitest";

import { isZone } from "@/lib/core/shared/zone";

import { compileWindow, isInside } from "./window";

const berlin = compileWindow({ days: ["mon", "fri"], from: "09:00", to: "17:00", timezone: "Europe/Berlin" });
const night = compileWindow({ days: ["fri"], from: "22:00", to: "04:00", timezone: "America/New_York" });

afterEach(() => vi.unstubAllEnvs());

describe("isInside", () => {
  test.each([
    ["2026-01-05T08:00:00Z", true],
    ["2026-01-05T07:59:59Z", false],
    ["2026-07-06T07:00:00Z", true],
    ["2026-01-05T15:59:59Z", true],
    ["2026-01-05T16:00:00Z", false],
    ["2026-01-06T10:00:00Z", false],
  ])("at %s a window by the wall clock of Berlin is open: %s", (now, open) => {
    expect(isInside(berlin, new Date(now))).toBe(open);
  });

  test.each([
    ["2026-01-10T03:00:00Z", true],
    ["2026-01-10T08:59:00Z", true],
    ["2026-01-10T09:00:00Z", false],
    ["2026-01-09T08:00:00Z", false],
    ["2026-01-11T03:30:00Z", false],
  ])("at %s a window of a Friday night is open: %s", (now, open) => {
    expect(isInside(night, new Date(now))).toBe(open);
  });

  test("is open all day from midnight to midnight, and never at a time that is none", () => {
    const always = compileWindow({ from: "00:00", to: "24:00", timezone: "UTC" });

    expect(isInside(always, new Date("2026-01-05T23:59:59Z"))).toBe(true);
    expect(isInside(always, new Date("2026-01-05T00:00:00Z"))).toBe(true);
    expect(isInside(always, new Date(Number.NaN))).toBe(false);
  });

  test("does not depend on where the process runs", () => {
    for (const zone of ["Pacific/Kiritimati", "America/St_Johns"]) {
      vi.stubEnv("TZ", zone);
      expect(
        isInside(
          compileWindow({ days: ["mon"], from: "09:00", to: "17:00", timezone: "Europe/Berlin" }),
          new Date("2026-01-05T08:00:00Z"),
        ),
      ).toBe(true);
    }
  });

  test("knows time zones from words", () => {
    expect(["UTC", "Europe/Berlin", "Mars/Phobos", "", "Europe/Berlin; drop"].map(isZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
