import "server-only";

import { sayRun, type Said } from "@/lib/core/runs/say-run";
import { pageOfStory, type StoryFigures, type StoryPage, type StoryQuery } from "@/lib/core/runs/story";
import { tellRun } from "@/lib/core/runs/tell-run";
import { AppError } from "@/lib/core/shared/errors";
import { listRunFeedback } from "@/lib/data/event-facts";
import { listTraceRows } from "@/lib/data/found-traces";

import { requireMember, type ServiceContext } from "../context";
import { readTold } from "./read-told";

const MOST_FEEDBACK = 500;
const TRACE_ID = /^[0-9a-f]{32}$/;

/** A trace as its telemetry tells it: one page of its timeline, and what it all comes to. */
export type TraceStory = {
  readonly traceId: string;
  readonly agent: string;
  /** The name of the run it belongs to; null where its events name none. */
  readonly run: string | null;
  /** The run's id once a call of it was decided: then the run's page tells more. */
  readonly runId: string | null;
  readonly firstAt: Date;
  readonly receivedAt: Date;
  readonly said: readonly Said[];
  readonly figures: StoryFigures;
  readonly page: StoryPage;
  readonly producers: readonly string[];
};

/** @throws {AppError} `not_found` */
export async function showTraceStory(ctx: ServiceContext, traceId: string, query: StoryQuery): Promise<TraceStory> {
  requireMember(ctx);
  const [row] = TRACE_ID.test(traceId) ? await listTraceRows(ctx.db, ctx.workspaceId, [traceId]) : [];
  if (!row) throw new AppError("not_found", "There is no such trace.");
  const [events, feedback] = await Promise.all([
    readTold(ctx, [traceId]),
    listRunFeedback(ctx.db, ctx.workspaceId, row.run_id, { traceIds: [traceId], limit: MOST_FEEDBACK }),
  ]);
  // Nothing decides when a trace ends, so none is told to have.
  const open = { state: "running", ended_at: null, ended_reason: null, halted_reason: null } as const;
  const run = { ...open, id: traceId, last_at: row.received_at };
  const story = tellRun({ run, steps: [], events, votes: new Map(), feedback });
  return {
    traceId,
    agent: row.agent,
    run: row.run,
    runId: row.run_id,
    firstAt: row.first_at,
    receivedAt: row.received_at,
    said: sayRun(story),
    figures: story.figures,
    page: pageOfStory(story.rows, query),
    producers: [...new Set(events.flatMap(({ event }) => event.producer ?? []))],
  };
}
