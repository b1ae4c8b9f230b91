import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { createDelayLine } from "./delay-line";

test("everything arrives in order, and nothing before its time", async () => {
  const line = createDelayLine(2);
  const arrived: { readonly index: number; readonly after: number }[] = [];
  for (let index = 0; index < 50; index += 1) {
    const at = performance.now();
    line.put(() => arrived.push({ index, after: performance.now() - at }));
    if (index % 10 === 9) await sleep(5);
  }
  await sleep(50);
  expect(arrived.map(({ index }) => index)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect(Math.min(...arrived.map(({ after }) => after))).toBeGreaterThanOrEqual(2);
});

test("half a millisecond is not rounded up to a whole one", async () => {
  const line = createDelayLine(0.5);
  const took: number[] = [];
  for (let index = 0; index < 41; index += 1) {
    const at = performance.now();
    await new Promise<void>((resolve) => line.put(resolve));
    took.push(performance.now() - at);
  }
  expect(took.toSorted((a, b) => a - b)[10]).toBeLessThan(0.9);
});
