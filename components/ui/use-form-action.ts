"use client";

import { type FormEvent, startTransition, useActionState, useEffect, useRef } from "react";

import { type ActionState, type FormAction, IDLE } from "@/lib/core/shared/action-state";

/**
 * `useActionState` for a form that keeps what was typed when it is refused, and is emptied when it is done: React by
 * itself empties a form after either.
 *
 * Spread `form` on the `<form>`; without its script it is sent by the browser and works all the same.
 */
export function useFormAction<Result>(action: FormAction<Result>) {
  const [state, dispatch, pending] = useActionState<ActionState<Result>, FormData>(action, IDLE);
  const sent = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state.status === "done") sent.current?.reset();
  }, [state]);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    sent.current = event.currentTarget;
    const submitter = event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null;
    const fields = new FormData(event.currentTarget, submitter);
    startTransition(() => dispatch(fields));
  };
  return { state, pending, form: { action: dispatch, onSubmit } } as const;
}
