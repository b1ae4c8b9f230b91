import fc from "fast-check";

import type { Expected } from "./expected";
import type { World } from "./world";

/** One thing that somebody does, in the model and in the world. */
export type Command = fc.AsyncCommand<Expected, World>;

/** A command with the words that a counterexample shows. */
export function command(
  name: string,
  run: (model: Expected, world: World) => Promise<void>,
  check: (model: Readonly<Expected>) => boolean = () => true,
): Command {
  return { run, check, toString: () => name };
}

/** Often 0, for what one does next. */
export const anyIndex = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) });

/** The latest for 0; of those that are ready for it, where there are any. Otherwise any of all. */
export function at<T>(list: readonly T[], index: number, isReady: (one: T) => boolean = () => true): T | undefined {
  const ready = index === 0 ? list.filter(isReady) : [];
  const from = ready.length > 0 ? ready : list;
  return from[from.length - 1 - (index % Math.max(1, from.length))];
}
