import "server-only";

import type { z } from "zod";

import { AppError } from "@/lib/core/shared/errors";
import { problemOf } from "@/lib/core/shared/problem";
import { log } from "@/lib/platform/log";
import type { ServiceContext } from "@/lib/services/context";

import { requireSameOrigin } from "./same-origin";
import { userContext } from "./session";

const MOST_BYTES = 1_024;

/** Wraps one service call for what a page says by itself, over and over: JSON in, JSON out, from our own pages only. */
export function beat<Input extends z.ZodType>(
  schema: Input,
  run: (ctx: ServiceContext, input: z.infer<Input>) => Promise<object>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      await requireSameOrigin();
      const ctx = await userContext();
      const input = schema.safeParse(await bodyOf(request));
      if (!input.success) throw new AppError("invalid_input", "This is no beat.");
      return Response.json(await run(ctx, input.data), { headers: { "cache-control": "no-store" } });
    } catch (error) {
      if (error instanceof AppError) {
        const problem = problemOf(error);
        return Response.json(problem, { status: problem.status, headers: { "cache-control": "no-store" } });
      }
      log.error({ err: error }, "unhandled error in beat");
      return new Response(null, { status: 500 });
    }
  };
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    const text = await request.text();
    return text.length > MOST_BYTES ? null : JSON.parse(text);
  } catch {
    return null; // no JSON, or the page went away in the middle of it
  }
}
