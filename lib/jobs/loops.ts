import { log } from "@/lib/platform/log";

import { runJob } from "./context";
import type { Job } from "./define";

const MAX_PAUSE_MS = 10_000;

/** Starts the quick rounds. A round that fails is followed by longer and longer pauses; one at a time each. */
export function startLoops(jobs: readonly Job[]): { stop(): Promise<void> } {
  let stopped = false;
  const loops = jobs.flatMap(({ everyMs, ...job }) => (everyMs === undefined ? [] : [loop({ ...job }, everyMs)]));

  async function loop(job: Job, everyMs: number): Promise<void> {
    let pauseMs = everyMs;
    while (!stopped) {
      try {
        await runJob(job);
        pauseMs = everyMs;
      } catch (error) {
        log.error({ err: error, job: job.name }, "a round failed");
        pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  return {
    async stop() {
      stopped = true;
      await Promise.race([Promise.allSettled(loops), new Promise((resolve) => setTimeout(resolve, 3_000))]);
    },
  };
}
