import type { Json } from "@/lib/core/shared/json";

import { ItemRefusal } from "./rejections";

/** A decoded message of protobuf or an object of JSON; its fields have the same names in both. */
export type Message = { readonly [field: string]: unknown };

/** How one of OTLP's two encodings writes the primitives; everything above them is read by the same code. */
export type Encoding = {
  /** Whether its texts cannot hold half a surrogate pair, as what was UTF-8 cannot. */
  readonly wellFormed: boolean;
  readonly text: (value: unknown) => string;
  /** Lower-case hex, empty where there is none. */
  readonly id: (value: unknown) => string;
  /** Nanoseconds as decimal text, "0" where there is none. */
  readonly time: (value: unknown) => string;
  /** A number where it is exact, else its decimal digits. */
  readonly integer: (value: unknown) => number | string;
  readonly double: (value: unknown) => number;
  readonly bool: (value: unknown) => boolean;
  /** Base 64. */
  readonly bytes: (value: unknown) => string;
  readonly choice: (value: unknown, names: Readonly<Record<string, number>>) => number;
  readonly list: (value: unknown, field: string) => readonly Message[];
  readonly message: (value: unknown) => Message | null;
  /** Whether the message itself has the field: a default is no value. */
  readonly has: (message: Message, field: string) => boolean;
};

export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ItemRefusal["code"]; readonly message: string };

/** What protobufjs says of a message that is nested deeper than its limit. */
const TOO_DEEP = "max depth exceeded";

/** Runs a reader. protobufjs throws on bytes it cannot read; a refusal of ours knows its code. */
export function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof ItemRefusal) return { ok: false, code: error.code, message: error.message };
    const message = error instanceof Error ? error.message : "unreadable";
    return { ok: false, code: message === TOO_DEEP ? "too_deep" : "malformed", message: `${message}.` };
  }
}

/** A double as JSON has it: NaN and the infinities are their names. */
export const jsonNumber = (value: number): Json => (Number.isFinite(value) ? value : String(value));
