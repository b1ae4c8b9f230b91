import type { AppError, AppErrorCode } from "./errors";

/** The HTTP status of each refusal. */
export const STATUS: Record<AppErrorCode, number> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unprocessable: 422,
  too_early: 425,
  over_limit: 429,
  unavailable: 503,
};

const TITLE: Record<AppErrorCode, string> = {
  invalid_input: "The request is not valid",
  unauthenticated: "Not authenticated",
  forbidden: "Not permitted",
  not_found: "Not found",
  conflict: "Conflict with the current state",
  unprocessable: "Understood, but cannot be accepted",
  too_early: "Too early",
  over_limit: "Too many",
  unavailable: "Temporarily unavailable",
};

/** A refusal as RFC 9457 problem details. `code` is the stable word programs match on. */
export type Problem = {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly faults?: AppError["faults"];
};

export function problemOf(error: AppError, status = STATUS[error.code]): Problem {
  return {
    type: "about:blank",
    title: TITLE[error.code],
    status,
    detail: error.message,
    code: error.reason,
    ...(error.faults.length > 0 && { faults: error.faults }),
  };
}
