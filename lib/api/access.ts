import type { Hono } from "hono";

import { AccessAnswer, AccessBatch, AccessRequest, failedAnswer, withDefaults } from "@/lib/core/decisions/authzen";
import type { TraceParent } from "@/lib/core/traces/traceparent";
import { env } from "@/lib/platform/env";
import { type Asked, evaluateAccess } from "@/lib/services/decisions/evaluate-access";
import type { ServiceContext } from "@/lib/services/context";
import { z } from "zod";

import { type Answer, ok, operation } from "./declare";
import { json, refuseInput } from "./respond";

const PATHS = { one: "/access/v1/evaluation", many: "/access/v1/evaluations" } as const;
const MAPPING =
  "The subject is an agent (type `agent`, id its handle, or a subject that the setting `access_subjects` maps to one), the action a tool. Arguments are resource.properties, " +
  "action.properties and `<resource.type>_id`. `context.interlock` may hold session_id, run_id, context, effect, estimate, " +
  "approval_id and `commit: true`, which decides the call; without it the answer permits nothing.";

export const accessOperations = [
  operation({
    method: "post",
    path: PATHS.one,
    summary: "OpenID AuthZEN 1.0: access evaluation",
    tag: "authzen",
    as: "either",
    idempotent: true,
    traced: true,
    body: AccessRequest,
    answers: { 200: { description: `The decision, true only for an allow. ${MAPPING}`, schema: AccessAnswer } },
    run: async (ctx, { body, idempotencyKey, trace }) => answerOne(ctx, body, { idempotencyKey, trace }),
  }),
  operation({
    method: "post",
    path: PATHS.many,
    summary: "OpenID AuthZEN 1.0: access evaluations, with defaults and short-circuit semantics",
    tag: "authzen",
    as: "either",
    traced: true,
    body: AccessBatch,
    answers: {
      200: {
        description: "One answer for each evaluation in order; the answer of a single evaluation when there are none.",
        schema: z.union([z.object({ evaluations: z.array(AccessAnswer) }), AccessAnswer]),
      },
    },
    run: async (ctx, { body, trace }) => answerMany(ctx, body, trace),
  }),
];

/** A single evaluation that could not be made is an HTTP error; one of many is told in its place. */
async function answerOne(
  ctx: ServiceContext,
  request: AccessRequest,
  sent: { readonly idempotencyKey: string | null; readonly trace: TraceParent | null },
): Promise<Answer> {
  const asked = [{ ok: true, request }] as const;
  const [answer] = await evaluateAccess(ctx, { asked, semantic: "execute_all", ...sent });
  const error = answer?.context?.error;
  return error === undefined ? ok(answer) : { status: error.status, body: answer };
}

async function answerMany(ctx: ServiceContext, batch: AccessBatch, trace: TraceParent | null): Promise<Answer> {
  if (batch.evaluations.length === 0) {
    const single = AccessRequest.safeParse(batch);
    if (!single.success) throw refuseInput(single.error, "");
    return answerOne(ctx, single.data, { idempotencyKey: null, trace });
  }
  const asked = batch.evaluations.map((item): Asked => {
    const parsed = AccessRequest.safeParse(withDefaults(batch, item));
    if (parsed.success) return { ok: true, request: parsed.data };
    return { ok: false, answer: failedAnswer(400, refuseInput(parsed.error, "").message) };
  });
  const semantic = batch.options?.evaluations_semantic ?? "execute_all";
  return ok({ evaluations: await evaluateAccess(ctx, { asked, semantic, idempotencyKey: null, trace }) });
}

/** What AuthZEN asks of HTTP besides: discovery, the request's id in the answer, and 400 where we would say 415. */
export function serveAccess(app: Hono): void {
  app.get("/.well-known/authzen-configuration", () =>
    json(200, {
      policy_decision_point: new URL(env.PUBLIC_URL).origin,
      access_evaluation_endpoint: new URL(PATHS.one, env.PUBLIC_URL).href,
      access_evaluations_endpoint: new URL(PATHS.many, env.PUBLIC_URL).href,
    }),
  );
  app.use("/access/*", async (c, next) => {
    await next();
    if (c.res.status === 415) c.res = new Response(c.res.body, { status: 400, headers: c.res.headers });
    const id = c.req.header("x-request-id");
    // As long as the server takes headers; other characters may not stand in one.
    if (id !== undefined && /^[\x20-\x7e]+$/.test(id)) c.res.headers.set("x-request-id", id);
  });
}
