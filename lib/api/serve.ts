import type { Hono } from "hono";
import { z } from "zod";

import { AppError } from "@/lib/core/shared/errors";
import { readTraceParent } from "@/lib/core/traces/traceparent";
import { readSessionToken } from "@/lib/platform/session-token";
import { authenticate, authenticateInvited } from "@/lib/services/access/authenticate";
import type { ServiceContext } from "@/lib/services/context";
import { resumeSession } from "@/lib/services/workspaces/resume-session";

import type { Caller, Operation } from "./declare";
import { type Exchange, exchangeOf } from "./exchange";
import { readBody } from "./read-body";
import { HttpRefusal } from "./refusal";
import { jsonReply, problemReply, refuseInput, type Reply, responseOf } from "./respond";

/** Adds every operation to the application. HTTP is here, once: who asks, what they sent, which status. */
export function serve(app: Hono, operations: readonly Operation[]): void {
  for (const op of operations) {
    app.on(op.method.toUpperCase(), op.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
      const reply = await perform(op, exchangeOf(c.req.raw), c.req.param());
      return reply instanceof Response ? reply : responseOf(reply);
    });
  }
}

/** Answers one request to one operation; never throws. */
export async function perform(
  op: Operation,
  exchange: Exchange,
  named: Record<string, string>,
): Promise<Reply | Response> {
  let requestId = "-";
  try {
    const ctx =
      op.as === "invited"
        ? await authenticateInvited(named["code"] ?? "")
        : await contextOf(exchange, op.as, op.trusted ?? false);
    requestId = ctx.requestId;
    const params = parsed(op.params, textsOf(named), "/path");
    const query = parsed(op.query ?? NO_QUERY, queryOf(exchange), "/query");
    const body = op.body ? parsed(op.body, await readBody(exchange, op), "") : undefined;
    const answer = await op.run(ctx, {
      params,
      query,
      body,
      idempotencyKey: idempotencyKey(exchange, op),
      trace: op.traced ? readTraceParent(exchange.header("traceparent")) : null,
      accept: exchange.header("accept"),
      get signal() {
        return exchange.signal();
      },
    });
    return answer.body instanceof Response ? answer.body : jsonReply(answer.status, answer.body);
  } catch (error) {
    return problemReply(error, requestId);
  }
}

const NO_QUERY = z.strictObject({});

function parsed(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw refuseInput(result.error, where);
  return result.data;
}

/** Each parameter once: a repeated one is read differently by different readers, so it is refused. */
function queryOf({ target }: Exchange): Record<string, string> {
  const mark = target.indexOf("?");
  if (mark < 0) return {};
  const query = new URLSearchParams(target.slice(mark + 1));
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

function idempotencyKey(exchange: Exchange, op: Operation): string | null {
  const key = exchange.header("idempotency-key");
  if (key === null || !op.idempotent) return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new HttpRefusal(400, "idempotency_key", "Idempotency-Key must be 1 to 200 visible ASCII characters.");
  return key;
}

/** The caller of a request. @throws {AppError} `unauthenticated`, or `forbidden` for the wrong kind of caller */
export async function contextOf(
  exchange: Exchange,
  as: Exclude<Caller, "invited">,
  trusted: boolean,
): Promise<ServiceContext> {
  const ctx = await callerOf(exchange, as, trusted);
  const kind = ctx.actor.kind;
  if (as === "agent" && kind !== "agent")
    throw new AppError("forbidden", "This needs an agent key (ilk_…).", { reason: "agent_needed" });
  if ((as === "member" || as === "session") && kind !== "member") {
    throw new AppError("forbidden", "This needs a person's token (ilp_…).", { reason: "member_needed" });
  }
  return ctx;
}

async function callerOf(exchange: Exchange, as: Exclude<Caller, "invited">, trusted: boolean): Promise<ServiceContext> {
  const header = exchange.header("authorization");
  if (header !== null) {
    const secret = /^Bearer ([^\s,]+)$/i.exec(header)?.[1];
    if (!secret) throw new HttpRefusal(400, "authorization", "Send exactly one `Authorization: Bearer …`.");
    return authenticate(secret, trusted);
  }
  if (as === "session") {
    const claims = await readSessionToken(exchange.header("cookie") ?? "");
    const ctx = claims && (await resumeSession(claims));
    if (ctx) return ctx;
  }
  throw new AppError("unauthenticated", "Send `Authorization: Bearer …` with an agent key or a personal token.");
}
