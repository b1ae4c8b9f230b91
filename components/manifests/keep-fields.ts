import { type FormEvent, startTransition } from "react";

/**
 * Sends a form without emptying it: React resets a form whose action has answered, even when it was refused.
 *
 * Put it beside `action`, which still serves until the scripts are at work.
 */
export function keepFields(submit: (form: FormData) => void) {
  return (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => submit(form));
  };
}
