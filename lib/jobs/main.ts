import { Logger, parseCronItems, run, type TaskList } from "graphile-worker";

import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";

import { runJob } from "./context";
import { jobs } from "./registry";
import { startLoops } from "./loops";

// graphile-worker keeps the time-table of everything that runs by the minute; quick rounds have loops of their own.
const scheduled = jobs.filter((job) => job.schedule !== undefined);
const taskList: TaskList = Object.fromEntries(scheduled.map((job) => [job.name, () => runJob(job)]));

// Its lines join ours, as JSON; what it calls information is detail here.
const logger = new Logger(() => (level, message, meta) => {
  const write = level === "error" ? "error" : level === "warning" ? "warn" : "debug";
  log[write]({ worker: meta }, message);
});

// Its schema belongs to the application's role, under whatever name we sign in.
const database = new URL(env.DATABASE_URL);
database.searchParams.set("options", "-c role=interlock_app");

const loops = startLoops(jobs);
const runner = await run({
  connectionString: database.href,
  concurrency: 4,
  noHandleSignals: true,
  logger,
  taskList,
  // As items, because the text form takes no dots in names.
  parsedCronItems: parseCronItems(
    scheduled.map((job) => ({
      task: job.name,
      match: job.schedule ?? "",
      options: { maxAttempts: job.attempts, backfillPeriod: 0 },
    })),
  ),
});
log.info({ jobs: jobs.map((job) => job.name) }, "jobs running");
// Once at the start, so that a server that was away does not wait for the clock.
for (const job of scheduled)
  await runner.addJob(job.name, {}, { jobKey: `start:${job.name}`, maxAttempts: job.attempts });

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(0), 9_000).unref();
  await Promise.allSettled([loops.stop(), runner.stop()]);
  process.exit(0);
}
process.on("SIGTERM", () => void end());
process.on("SIGINT", () => void end());
