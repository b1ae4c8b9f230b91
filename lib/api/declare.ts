import type { z } from "zod";

import type { TraceParent } from "@/lib/core/traces/traceparent";
import type { ServiceContext } from "@/lib/services/context";

/**
 * Who may call: the key's or token's kind. `session` also takes the browser's cookie, for reading only; `invited` takes
 * the code of an invitation, which the path holds.
 */
export type Caller = "agent" | "member" | "either" | "session" | "invited";

type Shape = z.ZodType;

type Input<Params extends Shape, Query extends Shape, Body extends Shape> = {
  readonly params: z.infer<Params>;
  readonly query: z.infer<Query>;
  readonly body: z.infer<Body>;
  readonly idempotencyKey: string | null;
  /** What the header `traceparent` says; null where it is missing or malformed. */
  readonly trace: TraceParent | null;
  /** The `Accept` header. */
  readonly accept: string | null;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
};

/** What an operation answers: a status it declared and a JSON body. */
export type Answer = { readonly status: number; readonly body: unknown };

/** One operation of the public API: who, what and which service. HTTP itself is written once, in `serve.ts`. */
export type Operation<Params extends Shape = Shape, Query extends Shape = Shape, Body extends Shape = Shape> = {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** OpenAPI path: `/api/v1/agents/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly as: Caller;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Also accept YAML text as the body, handed over as `{ text }`. */
  readonly yaml?: boolean;
  /** Also accept CSV text as the body, handed over as `{ csv }`, of at most so many bytes. */
  readonly csv?: { readonly mostBytes: number };
  readonly idempotent?: boolean;
  /** Reads the header `traceparent`. */
  readonly traced?: boolean;
  /** An agent key remembered from an earlier request will do: only where the operation checks the key itself. */
  readonly trusted?: boolean;
  readonly answers: { readonly [status: number]: { readonly description: string; readonly schema?: Shape } };
  run(ctx: ServiceContext, input: Input<Params, Query, Body>): Promise<Answer>;
};

/** Keeps the types of an operation's parts while it is declared, and forgets them afterwards. */
export function operation<Params extends Shape, Query extends Shape, Body extends Shape>(
  declared: Operation<Params, Query, Body>,
): Operation {
  return declared as unknown as Operation; // the server parses with these very schemas before it calls `run`
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
