import "server-only";

import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";

import type { ActionState, FormAction } from "@/lib/core/shared/action-state";
import { AppError, type Fault } from "@/lib/core/shared/errors";
import { log } from "@/lib/platform/log";
import type { ServiceContext } from "@/lib/services/context";

import { requireSameOrigin } from "./same-origin";
import { userContext } from "./session";

/**
 * Wraps one service call for `useActionState`. Refusals come back as data; bugs are logged whole and shown as one sentence.
 *
 * Every action checks by itself where the request came from and who is asking, because it can be called without its page.
 */
export function action<Input extends z.ZodType, Result = undefined>(
  schema: Input,
  run: (ctx: ServiceContext, input: z.infer<Input>) => Promise<Result>,
): FormAction<Result> {
  return async (_previous, form) => {
    let requestId = "-";
    try {
      await requireSameOrigin();
      const ctx = await userContext();
      requestId = ctx.requestId;
      const input = schema.safeParse(fieldsOf(form));
      if (!input.success) return refusedInput(input.error);
      const data = await run(ctx, input.data);
      return data === undefined ? { status: "done" } : { status: "done", data };
    } catch (error) {
      unstable_rethrow(error); // redirect() and notFound() travel as throws
      return refused(error, requestId);
    }
  };
}

/** What a form is told about an error: what the service said, or for a bug only where to find it in the log. */
export function refused(error: unknown, requestId: string): ActionState<never> {
  if (error instanceof AppError) {
    return {
      status: "refused",
      code: error.reason,
      message: error.message,
      ...(error.faults.length > 0 && { faults: error.faults }),
    };
  }
  log.error({ err: error, requestId }, "unhandled error in action");
  return { status: "refused", code: "internal", message: `Something went wrong on our side. Reference: ${requestId}` };
}

/** What a form is told about fields that are not what they should be. */
export function refusedInput(error: z.ZodError): ActionState<never> {
  const faults = error.issues.map(
    (issue): Fault => ({
      code: issue.code,
      path: issue.path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
      message: issue.message,
    }),
  );
  const message = faults
    .map((fault) => (fault.path === "" ? fault.message : `${fault.path.slice(1)}: ${fault.message}`))
    .join("\n");
  return { status: "refused", code: "invalid_input", message, faults };
}

/**
 * The form's own fields: one value each, or a list where the name ends in `[]`.
 *
 * React adds `$ACTION_…` keys of its own, which a strict schema would reject.
 */
function fieldsOf(form: FormData): Record<string, FormDataEntryValue | FormDataEntryValue[]> {
  const names = [...new Set(form.keys())].filter((name) => !name.startsWith("$ACTION_"));
  return Object.fromEntries(
    names.map((name) => (name.endsWith("[]") ? [name.slice(0, -2), form.getAll(name)] : [name, form.get(name) ?? ""])),
  );
}
