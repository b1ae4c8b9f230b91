import { parentPort } from "node:worker_threads";

import { THREAD_READY, type WorkAnswer } from "@/lib/platform/worker-thread";

import { WORK } from "./work";

// A program of its own: the thread in which `do-work.ts` has its work done.
const tasks = new Map<string, (input: never) => unknown>(Object.entries(WORK));

parentPort?.on("message", ({ task, input }: { readonly task: string; readonly input: unknown }) => {
  parentPort?.postMessage(answerTo(task, input));
});

parentPort?.postMessage(THREAD_READY);

function answerTo(task: string, input: unknown): WorkAnswer {
  try {
    const work = tasks.get(task);
    if (work === undefined) return { ok: false, message: `there is no task ${task}` };
    return { ok: true, result: work(input as never) }; // `do-work.ts` sends each task what it takes
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : "the task failed" };
  }
}
