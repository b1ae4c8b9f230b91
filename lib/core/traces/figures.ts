import type { Json } from "@/lib/core/shared/json";

import { decimalText, sumOfDecimals } from "./decimal";
import { TRACE_LIMITS } from "./limits";
import { ItemRefusal } from "./rejections";

/** A number that an attribute says, as number or as text; null for what is neither. NaN comes as its name. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return value === "NaN" || !Number.isNaN(number) ? number : null;
}

/** A count of tokens, or null where nothing is said; anything else refuses the item. */
export function tokenCount(value: Json | undefined, what: string): number | null {
  if (value === undefined || value === null) return null;
  const count = numberOf(value);
  if (count === null || !Number.isFinite(count)) {
    throw new ItemRefusal("number_invalid", `${what} is not a number.`);
  }
  if (count < 0 || count > TRACE_LIMITS.tokens) {
    throw new ItemRefusal("tokens_out_of_range", `${what} is ${count}; tokens are 0 to ${TRACE_LIMITS.tokens}.`);
  }
  // A fraction of a token is an average of somebody's; there is none.
  return Math.round(count);
}

/** Dollars as decimal text, or null where nothing is said; anything else refuses the item. */
export function costText(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  const cost = numberOf(value);
  if (cost === null || !Number.isFinite(cost)) throw new ItemRefusal("number_invalid", "The cost is not a number.");
  if (cost < 0 || cost > TRACE_LIMITS.costUsd) {
    throw new ItemRefusal("cost_out_of_range", `The cost is ${cost}; dollars are 0 to ${TRACE_LIMITS.costUsd}.`);
  }
  return decimalText(cost);
}

/** The sum of what is said of parts; null if nothing is. Parts of one cost, never aliases of it. */
export function costOfParts(parts: readonly (Json | undefined)[]): string | null {
  const said = parts.flatMap((part) => costText(part) ?? []);
  return said.length === 0 ? null : sumOfDecimals(said);
}

/** A finite number that is not negative, or null. For times to a first token and the like, which decide nothing. */
export function positiveOf(value: Json | undefined): number | null {
  const number = numberOf(value);
  return number !== null && Number.isFinite(number) && number >= 0 ? number : null;
}
