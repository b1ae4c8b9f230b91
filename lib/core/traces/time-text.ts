import type { Json } from "@/lib/core/shared/json";

/** Date, time with a fraction to nine digits, and a zone; no zone is UTC, since a server's own zone says nothing. */
const ISO = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9})\d*)?([Zz]|[+-]\d{2}:?\d{2})?$/;
const LONGEST = 40;
/** Seconds since 1970 have ten digits until 2286, milliseconds thirteen. */
const FIRST_MILLISECONDS = 1e11;
/** The year 2262, where nanoseconds end; microseconds of it are still exact enough to round. */
const LATEST_MS = 9.2e12;

/** A time as nanoseconds since 1970 in decimal: ISO 8601, or a number of seconds or milliseconds. Null for any other. */
export function nanosecondsOf(value: Json | undefined): string | null {
  if (typeof value === "number") return ofNumber(value);
  if (typeof value !== "string" || value.length > LONGEST) return null;
  const parts = ISO.exec(value);
  if (!parts) return null;
  const [, date = "", time = "", fraction = "", zone = "Z"] = parts;
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(ms) || ms < 0 || ms > LATEST_MS) return null;
  return (BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"))).toString();
}

function ofNumber(value: number): string | null {
  const ms = value < FIRST_MILLISECONDS ? value * 1_000 : value;
  return ms >= 0 && ms <= LATEST_MS ? (BigInt(Math.round(ms * 1_000)) * 1_000n).toString() : null;
}
