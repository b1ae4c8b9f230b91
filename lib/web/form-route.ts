import "server-only";

import { type FormAction, IDLE } from "@/lib/core/shared/action-state";
import { AppError } from "@/lib/core/shared/errors";

import { refused } from "./action";

const MOST_BYTES = 64 * 1_024;

/** An action as an address of its own, for a page that cannot wait for its router: the form in, the action's state out. */
export function formRoute(run: FormAction): (request: Request) => Promise<Response> {
  return async (request) => {
    const form = await formOf(request);
    const state =
      form === null ? refused(new AppError("invalid_input", "This is no form."), "-") : await run(IDLE, form);
    return Response.json(state, { headers: { "cache-control": "no-store" } });
  };
}

/** @returns null for what is no form, or says that it is longer than one or nothing about its length */
async function formOf(request: Request): Promise<FormData | null> {
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  if (!(length <= MOST_BYTES)) return null;
  return request.formData().catch(() => null);
}
