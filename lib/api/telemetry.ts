import { z } from "zod";

import { findTelemetry } from "@/lib/services/traces/find-telemetry";

import { ok, operation } from "./declare";

export const telemetryOperations = [
  operation({
    method: "get",
    path: "/api/v1/traces/{id}",
    summary: "Say what became of telemetry, by a trace id, a span id, a decision’s id or a run’s name",
    tag: "traces",
    as: "member",
    params: z.strictObject({ id: z.string().min(1).max(300) }),
    answers: {
      200: {
        description: "What was written, waits or was put aside; or, where nothing was found, what to check next.",
      },
    },
    run: async (ctx, { params }) => ok(await findTelemetry(ctx, params.id)),
  }),
];
