import { z } from "zod";

import { FeedbackInput } from "@/lib/core/traces/feedback";
import { takeFeedback } from "@/lib/services/traces/take-feedback";

import { created, operation } from "./declare";

export const feedbackOperations = [
  operation({
    method: "post",
    path: "/api/v1/feedback",
    summary: "Say what an end user thinks of a run: a rating, a correction",
    tag: "traces",
    as: "agent",
    body: FeedbackInput,
    answers: {
      201: {
        description: "Kept. The same feedback again adds nothing and gets the same answer.",
        schema: z.object({ feedback_id: z.uuid() }),
      },
    },
    run: async (ctx, { body }) => created(await takeFeedback(ctx, body)),
  }),
];
