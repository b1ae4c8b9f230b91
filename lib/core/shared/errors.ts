/** Every way a service can refuse. Adding one forces an HTTP status in `lib/core/shared/problem.ts`. */
export type AppErrorCode =
  | "invalid_input"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "unprocessable"
  | "too_early"
  | "over_limit"
  | "unavailable";

/** One fault of an input: a JSON pointer to the place and a sentence about it; line and column where the input is text. */
export type Fault = {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
};

/**
 * A refusal the caller can act on. `message` is safe to show to a user;
 * anything secret or diagnostic belongs in `cause`, which only the log sees.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  /** A finer word than the code, stable for programs: `self_approval`, `stale_view`, `duplicate_key` … */
  readonly reason: string;
  readonly faults: readonly Fault[];

  constructor(
    readonly code: AppErrorCode,
    message: string,
    options: { reason?: string; faults?: readonly Fault[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = options.reason ?? code;
    this.faults = options.faults ?? [];
  }
}

/** Marks a branch the types say cannot happen. Reaching one is our bug, never the user's. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
