import type { Worker } from "node:worker_threads";

import { countTime } from "./spent-time";

/** Why work was not done: `busy`, there is too much of it; `too_long` and `too_large`, its limits ended it. */
export class WorkRefused extends Error {
  override readonly name = "WorkRefused";
  constructor(
    readonly why: "busy" | "too_long" | "too_large",
    readonly retryAfterSeconds = 1,
  ) {
    super(why);
  }
}

export type WorkLimits = {
  /** Longest one piece of work may take once it runs. */
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** How much may wait, in all and for one person. */
  readonly waiting: number;
  readonly waitingOfOne: number;
  /** How long one person's work may take together in any minute. */
  readonly msOfOneAMinute: number;
};

export type WorkThread = {
  /** Does one task in the thread, for whom `person` stands. @throws {WorkRefused} */
  run(person: string, task: string, input: unknown): Promise<unknown>;
  end(): Promise<void>;
};

type Piece = {
  readonly person: string;
  readonly task: string;
  readonly input: unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
};

/** What a thread answers: the result, or that the task itself threw. */
export type WorkAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly message: string };

/** What a thread says first, once it has loaded. */
export const THREAD_READY = "ready";

const START_LIMIT_MS = 60_000;

/**
 * One thread beside the event loop, for work that others write and that may take long: whatever it is given, nothing else
 * waits for it. One piece runs at a time, by turns for each person; what breaks its limits ends with its thread.
 *
 * @param start makes the thread, which says `THREAD_READY` and then answers each message; called again after one ended
 */
export function createWorkThread(start: (limits: WorkLimits) => Worker, limits: WorkLimits): WorkThread {
  const queue: Piece[] = [];
  const time = countTime(limits.msOfOneAMinute);
  let worker: Worker | null = null;
  let running: Piece | null = null;
  let lastPerson = "";

  function next(): void {
    if (running !== null) return;
    const turn = queue.findIndex(({ person }) => person !== lastPerson);
    const [piece] = queue.splice(Math.max(turn, 0), 1);
    if (piece === undefined) return void worker?.unref();
    running = piece;
    lastPerson = piece.person;
    void perform(piece).finally(() => {
      running = null;
      next();
    });
  }

  async function perform(piece: Piece): Promise<void> {
    const startedAt = performance.now();
    try {
      const answer = await answerOf(piece);
      if (answer.ok) piece.resolve(answer.result);
      else piece.reject(new Error(answer.message));
    } catch (error) {
      await forget();
      piece.reject(error instanceof Error ? error : new Error("the thread ended"));
    } finally {
      time.note(piece.person, performance.now() - startedAt);
    }
  }

  async function answerOf({ task, input }: Piece): Promise<WorkAnswer> {
    if (worker === null) {
      worker = start(limits);
      // Loading is not the person's time.
      await said<string>(worker, START_LIMIT_MS);
    }
    worker.ref();
    worker.postMessage({ task, input });
    return said<WorkAnswer>(worker, limits.timeoutMs);
  }

  function said<T>(thread: Worker, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new WorkRefused("too_long")), timeoutMs);
      const settle = () => {
        clearTimeout(timer);
        thread.removeAllListeners();
        thread.on("error", () => undefined);
      };
      thread.removeAllListeners();
      thread.once("message", (message: T) => (settle(), resolve(message)));
      thread.once("error", (error: NodeJS.ErrnoException) => {
        settle();
        reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? new WorkRefused("too_large") : error);
      });
      thread.once("exit", () => (settle(), reject(new Error("the thread ended"))));
    });
  }

  async function forget(): Promise<void> {
    const thread = worker;
    worker = null;
    await thread?.terminate();
  }

  return {
    run(person, task, input) {
      const waitSeconds = time.waitOf(person);
      const own = queue.filter((piece) => piece.person === person).length;
      if (waitSeconds > 0 || own >= limits.waitingOfOne || queue.length >= limits.waiting) {
        return Promise.reject(new WorkRefused("busy", Math.max(waitSeconds, 1)));
      }
      return new Promise((resolve, reject) => {
        queue.push({ person, task, input, resolve, reject });
        next();
      });
    },
    end: forget,
  };
}
