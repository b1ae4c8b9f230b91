import "server-only";

import type { RunStep } from "@/lib/core/runs/schema";
import { sayRun, type Said } from "@/lib/core/runs/say-run";
import type { ToldEvent } from "@/lib/core/runs/tell-events";
import { type Story, tellRun } from "@/lib/core/runs/tell-run";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { listRunFeedback } from "@/lib/data/event-facts";
import { listRunTraces, listSettledVotes } from "@/lib/data/run-traces";
import { findRun, listRunSteps } from "@/lib/data/runs";

import { requireMember, type ServiceContext } from "../context";
import { readTold } from "./read-told";

const STEPS_A_READ = 500;
const MOST_STEPS = 5_000;
const MOST_TRACES = 50;
const MOST_EVENTS = 20_000;
const MOST_FEEDBACK = 500;

/** A run with everything that is told of it. */
export type ReadStory = {
  readonly run: NonNullable<Awaited<ReturnType<typeof findRun>>>;
  readonly said: readonly Said[];
  readonly story: Story;
  readonly producers: readonly string[];
  readonly isCut: boolean;
};

/**
 * Reads a run with its decisions, telemetry, people's answers and feedback, and tells it.
 *
 * @throws {AppError} `not_found`
 */
export async function readRunStory(ctx: ServiceContext, id: string): Promise<ReadStory> {
  requireMember(ctx);
  const run = isUuid(id) ? await findRun(ctx.db, ctx.workspaceId, id) : null;
  if (!run) throw new AppError("not_found", "There is no such run.");
  const { steps, hasMore } = await readSteps(ctx, run.id);
  const asked = steps.flatMap(({ approval }) => (approval === null ? [] : [approval.id]));
  const [votes, read] = await Promise.all([
    listSettledVotes(ctx.db, ctx.workspaceId, asked),
    readEvents(ctx, run.id, steps),
  ]);
  const feedback = await listRunFeedback(ctx.db, ctx.workspaceId, run.id, {
    traceIds: read.traceIds,
    limit: MOST_FEEDBACK,
  });
  const story = tellRun({ run, steps, events: read.events, votes, feedback });
  const producers = [...new Set(read.events.flatMap(({ event }) => event.producer ?? []))];
  return { run, said: sayRun(story), story, producers, isCut: hasMore || read.isCut };
}

async function readSteps(
  ctx: ServiceContext,
  runId: string,
): Promise<{ readonly steps: readonly RunStep[]; readonly hasMore: boolean }> {
  const steps: RunStep[] = [];
  let after: number | null = 0;
  while (after !== null && steps.length < MOST_STEPS) {
    const page: { steps: RunStep[]; next: number | null } = await listRunSteps(ctx.db, ctx.workspaceId, runId, {
      after,
      limit: STEPS_A_READ,
    });
    steps.push(...page.steps);
    after = page.next;
  }
  return { steps, hasMore: after !== null };
}

async function readEvents(
  ctx: ServiceContext,
  runId: string,
  steps: readonly RunStep[],
): Promise<{ readonly events: readonly ToldEvent[]; readonly traceIds: readonly string[]; readonly isCut: boolean }> {
  const decisions = steps.map(({ decision_id: decision }) => decision);
  const traces = await listRunTraces(ctx.db, ctx.workspaceId, runId, { decisions, limit: MOST_TRACES + 1 });
  const read: (typeof traces)[number][] = [];
  let total = 0;
  for (const trace of traces.slice(0, MOST_TRACES)) {
    if (total > 0 && total + trace.events > MOST_EVENTS) break;
    total += trace.events;
    read.push(trace);
  }
  const ids = read.map(({ traceId }) => traceId);
  return { events: await readTold(ctx, ids), traceIds: ids, isCut: read.length < traces.length };
}
