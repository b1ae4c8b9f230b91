import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { afterEach, describe, expect, test } from "vitest";

import { createWorkThread, THREAD_READY, type WorkLimits, type WorkThread } from "./worker-thread";

// Real threads with a small program: what it is asked for says how it behaves.
const PROGRAM = `
  const { parentPort, threadId } = require("node:worker_threads");
  parentPort.on("message", ({ task, input }) => {
    const until = Date.now() + (task === "spin" ? input : 0);
    while (Date.now() < until);
    if (task === "spin for ever") for (;;);
    if (task === "fill") { const kept = []; for (;;) kept.push(new Array(100_000).fill(input + kept.length)); }
    if (task === "throw") return parentPort.postMessage({ ok: false, message: "it went wrong" });
    if (task === "die") process.exit(3);
    parentPort.postMessage({ ok: true, result: { input, threadId } });
  });
  parentPort.postMessage("${THREAD_READY}");
`;
const LIMITS: WorkLimits = { timeoutMs: 1_000, memoryMb: 32, waiting: 6, waitingOfOne: 3, msOfOneAMinute: 60_000 };

let thread: WorkThread;
const given = (limits: Partial<WorkLimits> = {}) => {
  thread = createWorkThread(
    ({ memoryMb }) => new Worker(PROGRAM, { eval: true, resourceLimits: { maxOldGenerationSizeMb: memoryMb } }),
    { ...LIMITS, ...limits },
  );
  return thread;
};
afterEach(() => thread.end());

describe("a work thread", () => {
  test("does its work beside the event loop", async () => {
    const { run } = given();
    let ticks = 0;
    const clock = setInterval(() => (ticks += 1), 10);
    expect(await run("ana", "spin", 500)).toMatchObject({ input: 500 });
    clearInterval(clock);
    expect(ticks).toBeGreaterThan(5);
  });

  test("ends what takes too long or too much, and works on", async () => {
    const { run } = given();
    const first = await run("ana", "echo", 1);
    await expect(run("ana", "spin for ever", 0)).rejects.toMatchObject({ why: "too_long" });
    await expect(run("ana", "fill", 0)).rejects.toMatchObject({ why: "too_large" });
    await expect(run("ana", "die", 0)).rejects.toThrow("the thread ended");
    await expect(run("ana", "throw", 0)).rejects.toThrow("it went wrong");
    const last = await run("ana", "echo", 2);
    expect(last).toMatchObject({ input: 2 });
    expect(last).not.toMatchObject({ threadId: (first as { threadId: number }).threadId });
  }, 30_000);

  test("takes turns, so that nobody waits for all of another's work", async () => {
    const { run } = given();
    const order: string[] = [];
    const asked = (person: string, name: string) => run(person, "spin", 50).then(() => order.push(name));
    await Promise.all([asked("ana", "a1"), asked("ana", "a2"), asked("ana", "a3"), asked("ben", "b1")]);
    expect(order).toEqual(["a1", "b1", "a2", "a3"]);
  });

  test("lets only so much wait, of one person and in all", async () => {
    const { run } = given();
    const asked = (person: string) =>
      run(person, "spin", 20).then(
        () => "done",
        (error: { why: string }) => error.why,
      );
    const all = await Promise.all(["a", "a", "a", "a", "a", "b", "b", "b", "c"].map(asked));
    expect(all).toEqual(["done", "done", "done", "done", "busy", "done", "done", "done", "busy"]);
  });

  test("lets one person use only so much of a minute", async () => {
    const { run } = given({ msOfOneAMinute: 100 });
    await run("ana", "spin", 150);
    await sleep(0);
    await expect(run("ana", "echo", 1)).rejects.toMatchObject({ why: "busy", retryAfterSeconds: 60 });
    expect(await run("ben", "echo", 1)).toMatchObject({ input: 1 });
  });
});
