import { randomUUID } from "node:crypto";

import { workspaceDb } from "@/lib/data/db";
import { log } from "@/lib/platform/log";
import { listWorkspaces } from "@/lib/services/workspaces/list-workspaces";

import type { Job, JobContext } from "./define";

/** Runs one round of a job within its time. One workspace that fails does not keep the others waiting. */
export async function runJob(job: Job): Promise<void> {
  const signal = AbortSignal.timeout(job.timeoutMs);
  const failures: unknown[] = [];
  const ctx: JobContext = {
    signal,
    async forEachWorkspace(run) {
      for (const workspaceId of await listWorkspaces()) {
        if (signal.aborted) throw new Error(`${job.name} ran out of time`);
        const service = {
          workspaceId,
          actor: { kind: "system", job: job.name },
          requestId: randomUUID(),
          now: new Date(),
          db: workspaceDb(workspaceId),
        } as const;
        await run(service).catch((error: unknown) => {
          log.error({ err: error, job: job.name, workspaceId }, "a job failed for one workspace");
          failures.push(error);
        });
      }
    },
  };
  await job.handle(ctx);
  if (failures.length > 0)
    throw new Error(`${job.name} failed for ${failures.length} workspaces`, { cause: failures[0] });
}
