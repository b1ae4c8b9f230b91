import type { Fault } from "./errors";

/** What a form's action answered last. A refusal is data: the form stays as it was, with the reason beside it. */
export type ActionState<Result = unknown> =
  | { readonly status: "idle" }
  | { readonly status: "done"; readonly data?: Result }
  | { readonly status: "refused"; readonly code: string; readonly message: string; readonly faults?: readonly Fault[] };

/** What `useActionState` takes: actions arrive in components as props of this type. */
export type FormAction<Result = unknown> = (previous: ActionState, form: FormData) => Promise<ActionState<Result>>;

/** The state of a form nobody has sent yet. */
export const IDLE: ActionState<never> = { status: "idle" };

/** What is wrong with one field of the form, by its JSON pointer: `/email`. */
export function faultAt(state: ActionState, path: string): string | undefined {
  if (state.status !== "refused") return undefined;
  return state.faults?.find((fault) => fault.path === path || fault.path.startsWith(`${path}/`))?.message;
}
