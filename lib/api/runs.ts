import { z } from "zod";

import { runRange } from "@/lib/core/runs/filter";
import { EVENT_FILTERS, type EventFilter } from "@/lib/core/runs/schema";
import { AppError } from "@/lib/core/shared/errors";
import { exportRunStory } from "@/lib/services/runs/export-run-story";
import { listRuns } from "@/lib/services/runs/list-runs";
import { showRun } from "@/lib/services/runs/show-run";

import { ok, operation } from "./declare";
import { download } from "./download";
import { Page, PageQuery } from "./page";

const Text = z.string().min(1).max(256).optional();
const EventFilters = z.object(
  Object.fromEntries(EVENT_FILTERS.map((name) => [name, Text])) as Record<EventFilter, typeof Text>,
);

export const runOperations = [
  operation({
    method: "get",
    path: "/api/v1/runs",
    summary: "List runs, latest first",
    tag: "runs",
    as: "member",
    query: PageQuery.extend({
      agent: z.string().max(100).optional(),
      session: z.string().max(200).optional(),
      state: z.enum(["running", "halted", "ended"]).optional(),
      from: Text,
      to: Text,
      tz: Text,
      ...EventFilters.shape,
    }),
    answers: { 200: { description: "A page.", schema: Page } },
    run: async (ctx, { query }) => {
      const fault = runRange(query, ctx.now)?.fault;
      // A page shows another range and says so; a program would take it for the one that it asked for.
      if (fault) {
        const path = `/query/${fault.name}`;
        throw new AppError("invalid_input", fault.message, {
          faults: [{ code: "invalid_value", path, message: fault.message }],
        });
      }
      return ok(await listRuns(ctx, query));
    },
  }),
  operation({
    method: "get",
    path: "/api/v1/runs/{id}",
    summary: "Show a run with every call made in it",
    tag: "runs",
    as: "member",
    params: z.strictObject({ id: z.uuid() }),
    answers: { 200: { description: "The run." } },
    run: async (ctx, { params }) => ok(await showRun(ctx, params.id)),
  }),
  operation({
    method: "get",
    path: "/api/v1/runs/{id}/story",
    summary: "Save a run's whole story as one JSON file: what its page tells, row by row",
    tag: "runs",
    as: "session",
    params: z.strictObject({ id: z.uuid() }),
    answers: { 200: { description: "A file. Contents are redacted as they are on the page." } },
    run: async (ctx, { params }) =>
      ok(
        await download(ctx, () => exportRunStory(ctx, params.id), {
          type: "application/json",
          filename: `interlock-run-${params.id}.json`,
        }),
      ),
  }),
];
