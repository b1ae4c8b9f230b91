"use client";

import { startTransition, useActionState, useEffect, useRef } from "react";

import { type FormAction, IDLE } from "@/lib/core/shared/action-state";

type Fields = Readonly<Record<string, string | readonly string[]>>;

/** Sends fields to an action and calls back once for each time it is done. */
export function useDeskAction<Result>(action: FormAction<Result>, onDone: (data: Result | undefined) => void) {
  const [state, dispatch, pending] = useActionState(action, IDLE);
  const seen = useRef<typeof state>(IDLE);
  const latest = useRef(onDone);
  useEffect(() => {
    latest.current = onDone;
  });
  useEffect(() => {
    if (state === seen.current) return;
    seen.current = state;
    if (state.status === "done") latest.current(state.data);
  }, [state]);
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
