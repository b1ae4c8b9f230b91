import { CheckContextInput, ContextCheck } from "@/lib/core/context/check";
import { AppError } from "@/lib/core/shared/errors";
import { problemOf } from "@/lib/core/shared/problem";
import { checkContext } from "@/lib/services/context/check-context";

import { type Answer, ok, operation } from "./declare";
import { problemDetails } from "./respond";

export const contextOperations = [
  operation({
    method: "post",
    path: "/api/v1/context/checks",
    summary: "Check the context about to be acted on: age, scope, agreement and change of each source",
    tag: "context",
    as: "agent",
    body: CheckContextInput,
    answers: {
      200: { description: "Every source is good.", schema: ContextCheck },
      409: {
        description: "`stale_context`: a problem that also holds `sources` and, in `refetch`, what to fetch again.",
      },
    },
    run: async (ctx, { body }) => answerOf(await checkContext(ctx, body)),
  }),
];

function answerOf(check: ContextCheck): Answer {
  if (check.ok) return ok(check);
  const bad = check.sources.filter((source) => !source.ok);
  const refetch = bad.map(({ source }) => source);
  const refusal = new AppError("conflict", `Do not act on this context. Fetch again: ${refetch.join(", ")}.`, {
    reason: "stale_context",
    faults: bad.flatMap(({ faults }) => faults.map(({ code, path, message }) => ({ code, path, message }))),
  });
  return { status: 409, body: problemDetails(409, { ...problemOf(refusal), refetch, sources: check.sources }) };
}
