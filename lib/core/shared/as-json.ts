import { isJsonObject, type Json, type JsonObject } from "./json";

/**
 * A plain copy of `value` as JSON: absent members are dropped, dates become ISO text.
 *
 * For values our own types already promise to be data; a function, symbol, map or set is our bug and throws.
 */
export function asJson(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number")
    return value;
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => asJson(item ?? null));
  if (typeof value !== "object") throw new TypeError(`not data: ${typeof value}`);
  // Without members of their own, all of them would be written as `{}`.
  if (value instanceof Map || value instanceof Set) throw new TypeError("not data: a map or set");
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, asJson(member)]));
}

/** `asJson` for values that are objects. */
export function asJsonObject(value: object | null): JsonObject {
  const json = asJson(value);
  if (!isJsonObject(json)) throw new TypeError("not an object");
  return json;
}
