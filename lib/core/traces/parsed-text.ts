import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { readStrictJson } from "@/lib/core/shared/strict-json";

import { TRACE_LIMITS } from "./limits";

/**
 * A value that may be JSON written as text. Read strictly, as the arguments of a decision are, so that the same
 * arguments have the same digest; a text that is no such JSON stays the text that it is.
 */
export function parsedOf(value: Json): Json {
  if (typeof value !== "string" || value.length > TRACE_LIMITS.parsedText) return value;
  const first = value.charCodeAt(0);
  // { [ " or white space: anything else would only turn texts such as "12" into numbers.
  if (first !== 0x7b && first !== 0x5b && first !== 0x22 && first > 0x20) return value;
  const read = readStrictJson(value);
  return read.ok ? read.value : value;
}

/** The value as an object, parsed if it is text; null if it is none. */
export function objectOf(value: Json | undefined): JsonObject | null {
  if (value === undefined) return null;
  const parsed = parsedOf(value);
  return isJsonObject(parsed) ? parsed : null;
}

export function field(object: JsonObject | null | undefined, key: string): Json | undefined {
  return object && Object.hasOwn(object, key) ? object[key] : undefined;
}

export function textField(object: JsonObject | null | undefined, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = field(object, key);
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}
