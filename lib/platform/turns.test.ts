import { describe, expect, test } from "vitest";

import { createTurns, TurnRefused } from "./turns";

const LIMITS = { waiting: 10, waitingOfOne: 4, msOfOneAMinute: 60_000 };

function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe("turns", () => {
  test("leave the loop to others between two pieces, for as long as a piece took", async () => {
    const { run } = createTurns(LIMITS);
    let ticks = 0;
    const clock = setInterval(() => (ticks += 1), 5);
    const began = performance.now();
    await Promise.all([1, 2, 3].map(() => run("ana", () => spin(40))));
    clearInterval(clock);
    expect(ticks).toBeGreaterThan(2);
    expect(performance.now() - began).toBeGreaterThan(3 * 40 + 2 * 40 - 5);
  });

  test("go round between people", async () => {
    const { run } = createTurns(LIMITS);
    const order: string[] = [];
    const asked = ["ana 1", "ana 2", "ana 3", "ben 1"].map((name) =>
      run(name.slice(0, 3), () => void order.push(name)),
    );
    await Promise.all(asked);
    expect(order).toEqual(["ana 1", "ben 1", "ana 2", "ana 3"]);
  });

  test("answer what the piece answers, and fail as it fails", async () => {
    const { run } = createTurns(LIMITS);
    expect(await run("ana", () => 7)).toBe(7);
    const fail = () => {
      throw new Error("it went wrong");
    };
    await expect(run("ana", fail)).rejects.toThrow("it went wrong");
    expect(await run("ana", () => 8)).toBe(8);
  });

  test("refuse whoever asks for too much, and nobody else", async () => {
    const { run } = createTurns({ ...LIMITS, waitingOfOne: 2, msOfOneAMinute: 30 });
    const asked = await Promise.allSettled([1, 2, 3, 4, 5].map(() => run("ana", () => spin(20))));
    expect(asked.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
    await expect(run("ana", () => spin(20))).rejects.toThrow(TurnRefused);
    expect(await run("ben", () => 1)).toBe(1);
  });
});
