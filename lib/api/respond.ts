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

/** A failure before it is written down: problem details, and the headers of an answer but for its media type. */
export type Failure = {
  readonly status: number;
  readonly body: { readonly detail: string; readonly verdict?: string };
  readonly headers: Readonly<Record<string, string>>;
};

/** Every failure as RFC 9457 problem details. */
export function problemReply(error: unknown, requestId: string): Reply {
  const { status, body, headers } = failureOf(error, requestId);
  return { status, headers: { ...headers, ...PROBLEM }, text: JSON.stringify(body) };
}

const PROBLEM = { "content-type": "application/problem+json; charset=utf-8" };
const RETRY = { "retry-after": "1" };

/** What a failure is told as. What we did not foresee is logged whole and shown as one sentence. */
export function failureOf(error: unknown, requestId: string): Failure {
  if (error instanceof HttpRefusal) {
    const { status, code, message: detail } = error;
    const body = { type: "about:blank", title: "The request cannot be read", status, detail, code };
    return { status, body, headers: headersOf(status) };
  }
  if (error instanceof AppError) {
    if (error.code === "unavailable") log.error({ requestId, reason: error.reason, cause: error.cause }, error.message);
    const found = problemOf(error);
    // An agent that asks for a decision and gets no record of one must read the answer as a denial.
    const body = error.reason === "cannot_record" ? { ...found, verdict: "deny" } : found;
    const mayRetry = error.code === "unavailable" || error.code === "over_limit";
    return { status: found.status, body, headers: headersOf(found.status, mayRetry ? RETRY : {}) };
  }
  if (isDatabaseAway(error)) {
    log.error({ requestId, err: error }, "the database did not answer in time");
    const away = new AppError("unavailable", "The database did not answer in time. Nothing was allowed. Try again.", {
      reason: "unavailable",
    });
    return { status: 503, body: { ...problemOf(away), verdict: "deny" }, headers: headersOf(503, RETRY) };
  }
  log.error({ requestId, err: error }, "unhandled error in the API");
  const body = {
    type: "about:blank",
    title: "Something went wrong on our side",
    status: 500,
    detail: `Nothing was allowed. Quote ${requestId} to your operator.`,
    code: "internal",
  };
  return { status: 500, body, headers: headersOf(500) };
}

/** Problem details as they are, with whatever else helps the caller. */
export const problemDetails = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  responseOf({ status, headers: { ...headersOf(status, headers), ...PROBLEM }, text: JSON.stringify(body) });

function headersOf(status: number, headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const more = status === 401 ? { "www-authenticate": 'Bearer realm="interlock"' } : {};
  return { ...HEADERS, ...more, ...headers };
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
