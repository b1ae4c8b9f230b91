import { isCommandArgument } from "@/lib/core/commands/command-arguments";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { skeletonOf } from "@/lib/core/shared/names";

import { beginsCommand } from "./command-constraint";
import type { Comparison, Condition, Scalar } from "./condition-schema";

/** Three-valued: a missing fact is `unknown`, which is neither proof nor refutation. */
export type Truth = "true" | "false" | "unknown";

/**
 * Evaluates a condition against the arguments of one call. Total: never throws.
 *
 * An argument that is missing or of another type than it is compared with is unknown, and so is a text that merely
 * looks like the one named: `not: {equals: prod}` must not be satisfied by `PROD`, `"1000"` or `["prod"]`.
 */
export function evaluate(condition: Condition, args: JsonObject): Truth {
  if ("all" in condition) return weakest(condition.all.map((member) => evaluate(member, args)));
  if ("any" in condition) return strongest(condition.any.map((member) => evaluate(member, args)));
  if ("not" in condition) return negate(evaluate(condition.not, args));
  return compare(condition, args);
}

/** A grant needs certainty: an allowed tool runs only where its condition certainly holds. */
export const certainly = (condition: Condition, args: JsonObject) => evaluate(condition, args) === "true";

/** A restriction does not: a guard applies unless its condition certainly fails. */
export const possibly = (condition: Condition, args: JsonObject) => evaluate(condition, args) !== "false";

function compare(comparison: Comparison, args: JsonObject): Truth {
  const value = argumentAt(args, comparison.arg);
  if (value === undefined) return "unknown";
  const truths: Truth[] = [];
  if (comparison.equals !== undefined) truths.push(equals(value, comparison.equals));
  if (comparison.in !== undefined) truths.push(strongest(comparison.in.map((member) => equals(value, member))));
  if (comparison.at_most !== undefined) truths.push(ordered(value, comparison.at_most, "at_most"));
  if (comparison.at_least !== undefined) truths.push(ordered(value, comparison.at_least, "at_least"));
  if (comparison.prefix !== undefined) {
    truths.push(typeof value === "string" ? begins(value, comparison) : "unknown");
  }
  if (comparison.max_items !== undefined) {
    truths.push(isJsonArray(value) ? truth(value.length <= comparison.max_items) : "unknown");
  }
  return truths.length === 0 ? "unknown" : weakest(truths);
}

/** A command that begins right and goes on to start another one is neither proof nor refutation. */
function begins(value: string, { arg, prefix = "" }: Comparison): Truth {
  if (!value.startsWith(prefix)) return "false";
  const name = arg.split("/").at(-1) ?? arg;
  return !isCommandArgument(name) || beginsCommand(value, prefix) ? "true" : "unknown";
}

/** The argument of that name, or at that JSON pointer; own keys only, so `constructor` names nothing. */
export function argumentAt(args: JsonObject, name: string): Json | undefined {
  if (!name.startsWith("/")) return Object.hasOwn(args, name) ? args[name] : undefined;
  let node: Json | undefined = args;
  for (const token of name.split("/").slice(1)) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isJsonObject(node)) node = Object.hasOwn(node, key) ? node[key] : undefined;
    else node = isJsonArray(node) && /^(0|[1-9]\d{0,8})$/.test(key) ? node[Number(key)] : undefined;
  }
  return node;
}

function equals(value: Json, wanted: Scalar): Truth {
  if (value === wanted) return "true";
  if (typeof value === "string" && typeof wanted === "string") {
    return skeletonOf(value) === skeletonOf(wanted) ? "unknown" : "false";
  }
  const comparable = typeof value === typeof wanted && typeof value !== "object";
  return comparable ? "false" : "unknown";
}

function ordered(value: Json, bound: number, operator: "at_most" | "at_least"): Truth {
  if (typeof value !== "number" || Number.isNaN(value)) return "unknown";
  return truth(operator === "at_most" ? value <= bound : value >= bound);
}

const truth = (value: boolean): Truth => (value ? "true" : "false");

function weakest(values: readonly Truth[]): Truth {
  if (values.includes("false")) return "false";
  return values.includes("unknown") ? "unknown" : "true";
}

function strongest(values: readonly Truth[]): Truth {
  if (values.includes("true")) return "true";
  return values.includes("unknown") ? "unknown" : "false";
}

function negate(value: Truth): Truth {
  if (value === "unknown") return "unknown";
  return value === "true" ? "false" : "true";
}
