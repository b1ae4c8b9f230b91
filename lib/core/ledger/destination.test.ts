import { expect, test } from "vitest";

import { isAnchorDue } from "./destination";

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 10, minutes));
const never = { size: 0n, deliveredAt: null, attempts: 0, attemptedAt: null };
const told = { size: 100n, deliveredAt: at(0), attempts: 0, attemptedAt: at(0) };

test("a place is told at once, then each hour or ten thousand entries, and only of what is new", () => {
  expect(isAnchorDue(never, { size: 1n }, at(0))).toBe(true);
  expect(isAnchorDue(told, { size: 100n }, at(600))).toBe(false);
  expect(isAnchorDue(told, { size: 101n }, at(59))).toBe(false);
  expect(isAnchorDue(told, { size: 101n }, at(60))).toBe(true);
  expect(isAnchorDue(told, { size: 10_099n }, at(1))).toBe(false);
  expect(isAnchorDue(told, { size: 10_100n }, at(1))).toBe(true);
});

test("after failures the pause grows to an hour and no further", () => {
  const failed = (attempts: number) => ({ ...never, attempts, attemptedAt: at(0) });
  const seconds = (count: number) => new Date(at(0).getTime() + count * 1_000);
  expect(isAnchorDue(failed(1), { size: 1n }, seconds(29))).toBe(false);
  expect(isAnchorDue(failed(1), { size: 1n }, seconds(30))).toBe(true);
  expect(isAnchorDue(failed(3), { size: 1n }, seconds(119))).toBe(false);
  expect(isAnchorDue(failed(3), { size: 1n }, seconds(120))).toBe(true);
  expect(isAnchorDue(failed(500), { size: 1n }, seconds(3_600))).toBe(true);
});
