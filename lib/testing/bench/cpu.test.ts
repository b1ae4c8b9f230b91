import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

import { expect, test } from "vitest";

import { cpuOfFamily, cpuOfProcess, parentOf, parseMachineTimes, parseSchedstat, parseStat } from "./cpu";

/** A program that uses 300 ms of CPU, however long that takes on a busy machine, and says so. */
const BURN = "while (process.cpuUsage().user < 300_000); console.log('done');";

const hasProc = existsSync("/proc/self/task");

test("a process may be named like the line's own punctuation", () => {
  const line = "4242 (postgres: a) b (c) S 17 4242 4242 0 -1 4194560 900 0 0 0 120 30 7 3 20 0 1 0 99 0 0";
  expect(parseStat(line)).toEqual({ parent: 17, ownUs: 1_500_000, endedChildrenUs: 100_000 });
});

test("schedstat counts nanoseconds", () => {
  expect(parseSchedstat("1253681 167134 2\n")).toBeCloseTo(1_253.681);
});

test("the machine's times are summed without those of guests, which are counted twice", () => {
  const text = "cpu  100 1 50 800 20 0 4 25 7 3\ncpu0 50 0 25 400 10 0 2 12 0 0\n";
  expect(parseMachineTimes(text)).toEqual({ all: 1_000, stolen: 25 });
});

test.runIf(hasProc)("what a process does is counted, and what it waits for is not", async () => {
  const child = spawn(process.execPath, ["-e", `${BURN} setTimeout(() => {}, 60_000)`]);
  const pid = child.pid ?? 0;
  try {
    await new Promise((resolve) => child.stdout.once("data", resolve));
    expect(cpuOfProcess(pid)).toBeGreaterThan(290_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const idle = cpuOfProcess(pid) ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((cpuOfProcess(pid) ?? 0) - idle).toBeLessThan(50_000);
    expect(parentOf(pid)).toBe(process.pid);
  } finally {
    child.kill("SIGKILL");
  }
});

test.runIf(hasProc)("a family counts the children that have ended", () => {
  const before = cpuOfFamily(process.pid) ?? 0;
  spawnSync(process.execPath, ["-e", BURN]);
  expect((cpuOfFamily(process.pid) ?? 0) - before).toBeGreaterThan(200_000);
});

test("a process that is not there has no time", () => {
  expect([cpuOfProcess(2 ** 30), cpuOfFamily(2 ** 30), parentOf(2 ** 30)]).toEqual([null, null, null]);
});
