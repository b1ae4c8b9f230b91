"use client";

import { startTransition, useActionState, useEffect, useRef } from "react";

import { type ActionState, type FormAction, IDLE } from "@/lib/core/shared/action-state";

type Fields = Readonly<Record<string, string | readonly string[]>>;

/**
 * Sends fields to an action and calls back once for each time it is done: also when the desk has heard of it first and
 * has drawn itself anew without the button that was pressed.
 */
export function useDeskAction<Result>(action: FormAction<Result>, onDone: (data: Result | undefined) => void) {
  const latest = useRef(onDone);
  useEffect(() => {
    latest.current = onDone;
  });
  const [state, dispatch, pending] = useActionState<ActionState<Result>, FormData>(async (before, form) => {
    const after = await action(before, form);
    if (after.status === "done") latest.current(after.data);
    return after;
  }, IDLE);
  return {
    pending,
    refusal: state.status === "refused" && !pending ? state.message : null,
    data: state.status === "done" ? state.data : undefined,
    send(fields: Fields = {}) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) {
        if (typeof value === "string") form.set(name, value);
        else for (const one of value) form.append(`${name}[]`, one);
      }
      startTransition(() => dispatch(form));
    },
  };
}
