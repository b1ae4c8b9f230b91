/** Any JSON value. What the strict reader returns and the canonical writer takes. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Look keys up with `Object.hasOwn` first: `toString` is a legal key and an inherited name. */
export type JsonObject = { readonly [key: string]: Json };

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
