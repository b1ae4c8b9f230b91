import { beginsCommand, isSpelledLike } from "@/lib/core/commands/name-command";
import type { CallReading, ReadCommand } from "@/lib/core/commands/read-call";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import { negate, strongest, type Truth, truth, weakest } from "@/lib/core/shared/truth";
import { pointerToken } from "@/lib/core/tools/json-schema";

import type { Comparison, Condition, Scalar } from "./condition-schema";
import { beginsText, isSamePlace } from "./text-prefix";

/**
 * Evaluates a condition against the arguments of one call. Total: never throws.
 *
 * An argument that is missing or of another type than it is compared with is unknown, and so is a text that merely
 * looks like the one named: `not: {equals: prod}` must not be satisfied by `PROD`, `"1000"` or `["prod"]`.
 */
export function evaluate(condition: Condition, args: JsonObject, reading: CallReading): Truth {
  if ("all" in condition) return weakest(condition.all.map((member) => evaluate(member, args, reading)));
  if ("any" in condition) return strongest(condition.any.map((member) => evaluate(member, args, reading)));
  if ("not" in condition) return negate(evaluate(condition.not, args, reading));
  return compare(condition, args, reading);
}

/** A grant needs certainty: an allowed tool runs only where its condition certainly holds. */
export const certainly = (condition: Condition, args: JsonObject, reading: CallReading) =>
  evaluate(condition, args, reading) === "true";

/** A restriction does not: a guard applies unless its condition certainly fails. */
export const possibly = (condition: Condition, args: JsonObject, reading: CallReading) =>
  evaluate(condition, args, reading) !== "false";

function compare(comparison: Comparison, args: JsonObject, reading: CallReading): Truth {
  const value = argumentAt(args, comparison.arg);
  if (value === undefined) return "unknown";
  const truths: Truth[] = [];
  const is = (wanted: Scalar) => strongest([equals(value, wanted), mayRun(wanted, comparison, reading)]);
  if (comparison.equals !== undefined) truths.push(is(comparison.equals));
  if (comparison.in !== undefined) truths.push(strongest(comparison.in.map(is)));
  if (comparison.at_most !== undefined) truths.push(ordered(value, comparison.at_most, "at_most"));
  if (comparison.at_least !== undefined) truths.push(ordered(value, comparison.at_least, "at_least"));
  if (comparison.prefix !== undefined) {
    truths.push(typeof value === "string" ? begins(value, comparison, reading) : "unknown");
  }
  if (comparison.max_items !== undefined) {
    truths.push(isJsonArray(value) ? truth(value.length <= comparison.max_items) : "unknown");
  }
  return truths.length === 0 ? "unknown" : weakest(truths);
}

/** The commands that an argument holds. */
function commandsAt({ arg }: Comparison, { commands }: CallReading): readonly ReadCommand[] {
  if (commands.length === 0) return commands;
  const path = arg.startsWith("/") ? `/args${arg}` : `/args/${pointerToken(arg)}`;
  return commands.filter((command) => command.path === path && !command.isGuess);
}

/** A command written in another way than the rule's may be the same one, and is never certainly it. */
function mayRun(wanted: Scalar, comparison: Comparison, reading: CallReading): Truth {
  if (typeof wanted !== "string") return "false";
  const read = commandsAt(comparison, reading);
  return read.some((command) => isSpelledLike(command, wanted)) ? "unknown" : "false";
}

/** An argument that holds a command begins as its grammar reads it, whatever its letters. */
function begins(value: string, comparison: Comparison, reading: CallReading): Truth {
  const { prefix = "" } = comparison;
  const read = commandsAt(comparison, reading);
  return read.length === 0 ? beginsText(value, prefix) : weakest(read.map((command) => beginsCommand(command, prefix)));
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
    return skeletonOf(value) === skeletonOf(wanted) || isSamePlace(value, wanted) ? "unknown" : "false";
  }
  const comparable = typeof value === typeof wanted && typeof value !== "object";
  return comparable ? "false" : "unknown";
}

function ordered(value: Json, bound: number, operator: "at_most" | "at_least"): Truth {
  if (typeof value !== "number" || Number.isNaN(value)) return "unknown";
  return truth(operator === "at_most" ? value <= bound : value >= bound);
}
