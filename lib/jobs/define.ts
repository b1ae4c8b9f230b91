import type { ServiceContext } from "@/lib/services/context";

/** What a job is given: a way to visit each workspace as the system, and a signal that ends with its time. */
export type JobContext = {
  readonly signal: AbortSignal;
  forEachWorkspace(run: (ctx: ServiceContext) => Promise<void>): Promise<void>;
};

/** A job is a definition: a name, a time-table and one service call. It runs at least once, so it must be safe to run twice. */
export type Job = {
  readonly name: `${string}.${string}`;
  /** Cron in UTC for work by the minute and above … */
  readonly schedule?: string;
  /** … or a pause in milliseconds between two rounds, for work that must be quick. */
  readonly everyMs?: number;
  readonly attempts: number;
  readonly timeoutMs: number;
  handle(ctx: JobContext): Promise<void>;
};

export const defineJob = (job: Job): Job => job;
