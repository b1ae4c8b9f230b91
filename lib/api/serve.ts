import type { Hono } from "hono";
import { z } from "zod";

import { AppError } from "@/lib/core/shared/errors";
import { readSessionToken } from "@/lib/platform/session-token";
import { authenticate } from "@/lib/services/access/authenticate";
import type { ServiceContext } from "@/lib/services/context";
import { resumeSession } from "@/lib/services/workspaces/resume-session";

import type { Caller, Operation } from "./declare";
import { HttpRefusal, readBody } from "./read-body";
import { json, problem, refuseInput } from "./respond";

/** Adds every operation to the application. HTTP is here, once: who asks, what they sent, which status. */
export function serve(app: Hono, operations: readonly Operation[]): void {
  for (const op of operations) {
    app.on(op.method.toUpperCase(), op.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
      const request = c.req.raw;
      let requestId = "-";
      try {
        const ctx = await contextOf(request, op.as, op.trusted ?? false);
        requestId = ctx.requestId;
        const params = parsed(op.params, textsOf(c.req.param()), "/path");
        const query = parsed(op.query ?? z.strictObject({}), queryOf(request), "/query");
        const body = op.body ? parsed(op.body, await readBody(request, op.yaml ?? false), "") : undefined;
        const answer = await op.run(ctx, {
          params,
          query,
          body,
          idempotencyKey: idempotencyKey(request, op),
          signal: request.signal,
        });
        return answer.body instanceof Response ? answer.body : json(answer.status, answer.body);
      } catch (error) {
        return problem(error, requestId);
      }
    });
  }
}

function parsed(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw refuseInput(result.error, where);
  return result.data;
}

/** Each parameter once: a repeated one is read differently by different readers, so it is refused. */
function queryOf(request: Request): Record<string, string> {
  const query = new URL(request.url).searchParams;
  for (const key of query.keys()) {
    if (query.getAll(key).length > 1) throw new HttpRefusal(400, "repeated_parameter", `\`${key}\` is given twice.`);
  }
  return textsOf(Object.fromEntries(query));
}

/** As in a body, a NUL has no place in an address: Postgres stores none, and other readers end the text there. */
function textsOf(texts: Record<string, string>): Record<string, string> {
  for (const [key, text] of Object.entries(texts)) {
    if (key.includes("\0") || text.includes("\0"))
      throw new HttpRefusal(400, "nul_character", "The address holds a NUL character.");
  }
  return texts;
}

function idempotencyKey(request: Request, op: Operation): string | null {
  const key = request.headers.get("idempotency-key");
  if (key === null || !op.idempotent) return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new HttpRefusal(400, "idempotency_key", "Idempotency-Key must be 1 to 200 visible ASCII characters.");
  return key;
}

/** The caller of a request. @throws {AppError} `unauthenticated`, or `forbidden` for the wrong kind of caller */
export async function contextOf(request: Request, as: Caller, trusted: boolean): Promise<ServiceContext> {
  const ctx = await callerOf(request, as, trusted);
  const kind = ctx.actor.kind;
  if (as === "agent" && kind !== "agent")
    throw new AppError("forbidden", "This needs an agent key (ilk_…).", { reason: "agent_needed" });
  if ((as === "member" || as === "session") && kind !== "member") {
    throw new AppError("forbidden", "This needs a person's token (ilp_…).", { reason: "member_needed" });
  }
  return ctx;
}

async function callerOf(request: Request, as: Caller, trusted: boolean): Promise<ServiceContext> {
  const header = request.headers.get("authorization");
  if (header !== null) {
    const secret = /^Bearer ([^\s,]+)$/i.exec(header)?.[1];
    if (!secret) throw new HttpRefusal(400, "authorization", "Send exactly one `Authorization: Bearer …`.");
    return authenticate(secret, trusted);
  }
  if (as === "session") {
    const claims = await readSessionToken(request.headers.get("cookie") ?? "");
    const ctx = claims && (await resumeSession(claims));
    if (ctx) return ctx;
  }
  throw new AppError("unauthenticated", "Send `Authorization: Bearer …` with an agent key or a personal token.");
}
