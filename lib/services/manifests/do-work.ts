import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { env } from "@/lib/platform/env";
import { createWorkThread, WorkRefused } from "@/lib/platform/worker-thread";

import type { ServiceContext } from "../context";
import { tooMuchAtOnce, workerOf } from "../take-turn";
import { WORK, type Work } from "./work";

type Task = keyof Work;

const LIMITS = { timeoutMs: 15_000, memoryMb: 512, waiting: 24, waitingOfOne: 4, msOfOneAMinute: 30_000 };

/** A text this short is read in a few milliseconds, whatever it says; a thread would take longer to be asked. */
const SHORT = 2_000;
/** The same for what takes less: finding lines in a text that was published, and schemas, which cannot be told to be slow. */
const SHORT_OF: Partial<Record<Task, number>> = { findLines: 20_000, schemaFaults: 5_000 };

/** From the sources there is no bundle to run; `tsx` reads them. */
const SOURCE = "./lib/services/manifests/work-thread.ts";
const FROM_SOURCE = ["--conditions", "react-server", "--import", "tsx"];

// Not imported: the bundler of the pages takes `new Worker` for a file to bundle, which this never is.
const { Worker } = process.getBuiltinModule("node:worker_threads");

const thread = createWorkThread(({ memoryMb }) => {
  const bundle = env.INTERLOCK_WORK_FILE;
  const execArgv = bundle === undefined ? FROM_SOURCE : [];
  return new Worker(bundle ?? SOURCE, { execArgv, env: {}, resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
}, LIMITS);

/**
 * Reads a policy or a schema beside the event loop, so that no decision and no stop waits for it, within limits of time and memory
 * and by turns for each person.
 *
 * @param characters how long the text is that somebody else wrote
 * @throws {AppError} `over_limit` (`too_much_to_read`), or `unprocessable` (`too_much_to_read`) past the limits
 */
export async function doWork<T extends Task>(
  ctx: Pick<ServiceContext, "actor">,
  task: T,
  characters: number,
  input: Parameters<Work[T]>[0],
): Promise<ReturnType<Work[T]>> {
  // The table's own types say what each task takes and gives; its union cannot be called without these.
  if (characters <= (SHORT_OF[task] ?? SHORT)) return WORK[task](input as never) as ReturnType<Work[T]>;
  try {
    return (await thread.run(workerOf(ctx), task, input)) as ReturnType<Work[T]>;
  } catch (error) {
    if (!(error instanceof WorkRefused)) throw error;
    if (error.why === "busy") throw tooMuchAtOnce();
    const limit = error.why === "too_long" ? `${LIMITS.timeoutMs / 1_000} seconds` : `${LIMITS.memoryMb} MB`;
    throw new AppError("unprocessable", `Checking this took more than ${limit}. Make it shorter or simpler.`, {
      reason: "too_much_to_read",
    });
  }
}

/** The length of a document, whichever way it was sent. */
export const lengthOf = (source: unknown): number =>
  typeof source === "string" ? source.length : JSON.stringify(source).length;
