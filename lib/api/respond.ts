import type { z } from "zod";

import { AppError, type Fault } from "@/lib/core/shared/errors";
import { problemOf } from "@/lib/core/shared/problem";
import { isDatabaseAway } from "@/lib/platform/database-away";
import { log } from "@/lib/platform/log";

import { HttpRefusal } from "./refusal";

const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" };

/** An answer before any server's classes: what the fast path writes to the socket as it is. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

const JSON_HEADERS = { ...HEADERS, "content-type": "application/json; charset=utf-8" };

/** A JSON answer; bigints become strings, since JSON numbers could not hold them. */
export function jsonReply(status: number, body: unknown): Reply {
  return { status, headers: JSON_HEADERS, text: textOf(body) };
}

/** Asking a function about every value costs more than the rest, and few answers hold a bigint. */
function textOf(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch {
    return JSON.stringify(body, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  }
}

/** The same answer as a web `Response`. */
export const responseOf = ({ status, headers, text }: Reply) => new Response(text, { status, headers });

/** A JSON answer as a web `Response`. */
export const json = (status: number, body: unknown): Response => responseOf(jsonReply(status, body));

/** A failure as a web `Response`. */
export const problem = (error: unknown, requestId: string): Response => responseOf(problemReply(error, requestId));

/** Every failure as RFC 9457 problem details. What we did not foresee is logged whole and shown as one sentence. */
export function problemReply(error: unknown, requestId: string): Reply {
  if (error instanceof HttpRefusal) {
    return details(error.status, {
      type: "about:blank",
      title: "The request cannot be read",
      status: error.status,
      detail: error.message,
      code: error.code,
    });
  }
  if (error instanceof AppError) {
    if (error.code === "unavailable") log.error({ requestId, reason: error.reason, cause: error.cause }, error.message);
    const found = problemOf(error);
    // An agent that asks for a decision and gets no record of one must read the answer as a denial.
    const body = error.reason === "cannot_record" ? { ...found, verdict: "deny" } : found;
    return details(
      found.status,
      body,
      error.code === "unavailable" || error.code === "over_limit" ? { "retry-after": "1" } : {},
    );
  }
  if (isDatabaseAway(error)) {
    log.error({ requestId, err: error }, "the database did not answer in time");
    const away = new AppError("unavailable", "The database did not answer in time. Nothing was allowed. Try again.", {
      reason: "unavailable",
    });
    return details(503, { ...problemOf(away), verdict: "deny" }, { "retry-after": "1" });
  }
  log.error({ requestId, err: error }, "unhandled error in the API");
  return details(500, {
    type: "about:blank",
    title: "Something went wrong on our side",
    status: 500,
    detail: `Nothing was allowed. Quote ${requestId} to your operator.`,
    code: "internal",
  });
}

/** Problem details as they are, with whatever else helps the caller. */
export const problemDetails = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  responseOf(details(status, body, headers));

function details(status: number, body: object, headers: Record<string, string> = {}): Reply {
  const more = status === 401 ? { "www-authenticate": 'Bearer realm="interlock"' } : {};
  return {
    status,
    headers: { ...HEADERS, ...more, ...headers, "content-type": "application/problem+json; charset=utf-8" },
    text: JSON.stringify(body),
  };
}

/** A schema's complaints as faults with JSON pointers into what was sent. */
export function refuseInput(error: z.ZodError, where: string): AppError {
  const faults = error.issues.flatMap((issue) => faultsOf(issue, where));
  const first = faults[0];
  return new AppError(
    "invalid_input",
    first ? `${first.path || "The body"}: ${first.message}` : "The request is not valid.",
    {
      reason: "invalid_input",
      faults,
    },
  );
}

function faultsOf(issue: z.core.$ZodIssue, where: string): Fault[] {
  const at = pointer(where, issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      code: "unknown_key",
      path: `${at}/${escape(key)}`,
      message: `unknown key \`${key}\``,
    }));
  }
  if (issue.code === "invalid_union") {
    const nearest = issue.errors.toSorted((a, b) => a.length - b.length)[0];
    if (nearest && nearest.length > 0)
      return nearest.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }, where));
  }
  return [{ code: issue.code, path: at, message: issue.message }];
}

const pointer = (where: string, path: readonly PropertyKey[]) =>
  where + path.map((key) => `/${escape(String(key))}`).join("");
const escape = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");
