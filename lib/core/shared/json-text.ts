import { isJsonArray, isJsonObject, type Json, type JsonObject } from "./json";

/**
 * The object or list that a text spells out as JSON; null where it is none. Some clients pass arguments on as such a text,
 * and what is inside counts as if it stood there.
 */
export function jsonInText(text: string): JsonObject | readonly Json[] | null {
  // The cheap look first: most texts begin with a letter.
  const first = text.charCodeAt(0);
  if ((first > 0x20 && first !== 0x5b && first !== 0x7b) || !/^\s*[[{]/.test(text)) return null;
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) || isJsonArray(value) ? value : null;
  } catch {
    return null;
  }
}
