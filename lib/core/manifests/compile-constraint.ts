import { isCommandArgument } from "@/lib/core/commands/content-names";
import type { SqlReader } from "@/lib/core/commands/sql-reading";
import { NO_REASONS } from "@/lib/core/decisions/results";
import type { Reason } from "@/lib/core/decisions/schema";
import { isJsonArray, type Json, type JsonObject } from "@/lib/core/shared/json";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import { pointerToken } from "@/lib/core/tools/json-schema";

import { type ArgumentRule, listed, shown } from "./argument-rule";
import { compileCommandConstraint, compileCommandPrefix, isCommandConstraint } from "./command-constraint";
import { type ConstrainedArguments, constrain, singularsOf } from "./constraint";
import type { ConstraintValue } from "./constraint-schema";
import { beginning, isPathRule, meansPath } from "./text-prefix";

/** What is wrong with a value, to follow the argument's name in a sentence; null when nothing is. */
type Wrong<Value> = (value: Value) => string | null;

type Test = {
  readonly one: Wrong<Json>;
  /** How a list is judged where it is not judged item by item. */
  readonly whole?: Wrong<readonly Json[]>;
};

/**
 * Compiles one constraint. A constraint needs its argument: a call without it is refused, because nobody here knows
 * what the tool takes when it is left out.
 *
 * @param known argument names of the tool's schema; empty when it names none
 */
export function compileConstraint(
  rule: string,
  constraint: { readonly name: string; readonly value: ConstraintValue },
  { known, readSql }: { readonly known: ReadonlySet<string>; readonly readSql: SqlReader },
): ArgumentRule {
  const { name, value } = constraint;
  if (isCommandConstraint(name)) return compileCommandConstraint(rule, { name, value }, readSql);
  const meant = constrain(name, known);
  if (!meant)
    return { rule, check: () => [unmet(rule, "", `\`${constraint.name}\` is not a constraint this version knows.`)] };
  if (meant.kind === "prefix" && meant.wanted.some(isCommandArgument))
    return compileCommandPrefix(rule, textsOf(value));
  const test = testOf(meant, value);
  const wanted = meant.wanted[0] ?? constraint.name;
  const missing = Object.freeze([
    Object.freeze(unmet(rule, wanted, `\`${wanted}\` is required here, because \`${constraint.name}\` limits it.`)),
  ]);
  const [only] = meant.checked;
  if (meant.checked.length > 1 || only === undefined) {
    return { rule, check: (args) => constrained(args, meant, { test, missing, rule }) };
  }
  const isPlural = only === meant.plural;
  const path = argumentPath(only);
  return {
    rule,
    check: (args) => {
      const value = Object.hasOwn(args, only) ? args[only] : undefined;
      if (value === undefined) return missing;
      const wrong = wrongWith(test, value, isPlural);
      if (wrong === null) return NO_REASONS;
      return [{ code: "constraint_unmet", message: `\`${only}\` ${wrong}; the call says ${shown(value)}.`, path }];
    },
  };
}

const textsOf = (value: ConstraintValue) => [value].flat().filter((item) => typeof item === "string");

function constrained(
  args: JsonObject,
  meant: ConstrainedArguments,
  { test, missing, rule }: { readonly test: Test; readonly missing: readonly Reason[]; readonly rule: string },
): readonly Reason[] {
  let reasons: Reason[] | null = null;
  let isThere = false;
  for (const name of meant.checked) {
    if (!Object.hasOwn(args, name)) continue;
    const value = args[name];
    if (value === undefined) continue;
    if (meant.wanted.includes(name)) isThere = true;
    const wrong = wrongWith(test, value, name === meant.plural);
    if (wrong !== null)
      (reasons ??= []).push(unmet(rule, name, `\`${name}\` ${wrong}; the call says ${shown(value)}.`));
  }
  if (reasons) return reasons;
  return isThere ? NO_REASONS : missing;
}

/** A list is checked item by item; an empty one is refused, since to many tools it means "everything". */
function wrongWith(test: Test, value: Json, isPlural: boolean): string | null {
  if (!isJsonArray(value)) return isPlural ? "must be a list" : test.one(value);
  if (test.whole) return test.whole(value);
  if (value.length === 0) return "must not be an empty list";
  for (const item of value) {
    const wrong = test.one(item);
    if (wrong !== null) return `${wrong} (${shown(item)} is not)`;
  }
  return null;
}

function unmet(rule: string, argument: string, message: string): Reason {
  const path = argument === "" ? `/${rule.replaceAll(/[.[]/g, "/").replaceAll("]", "")}` : argumentPath(argument);
  return { code: "constraint_unmet", message, path };
}

const argumentPath = (argument: string) => `/args/${pointerToken(argument)}`;

function testOf({ kind, wanted }: ConstrainedArguments, value: ConstraintValue): Test {
  const list = [value].flat().filter((item) => typeof item !== "object" || item === null);
  const bound = typeof value === "number" ? value : Number.NaN;
  switch (kind) {
    case "allowed":
      return { one: allowedTest(list) };
    case "denied":
      return { one: deniedTest(list) };
    case "max":
      return {
        one: (given) => (typeof given === "number" && given <= bound ? null : `must be a number of at most ${bound}`),
      };
    case "min":
      return {
        one: (given) => (typeof given === "number" && given >= bound ? null : `must be a number of at least ${bound}`),
      };
    case "max_length":
      return lengthTest(bound, wanted[0] ?? "");
    case "prefix":
      return {
        one: prefixTest(textsOf(value)),
      };
  }
}

/** Characters of a text, as JSON Schema counts them; items of a list where the argument's name is a plural. */
function lengthTest(bound: number, argument: string): Test {
  const tooLong = `may have at most ${bound}`;
  const countsItems = singularsOf(argument).length > 0;
  return {
    one: (given) => {
      if (typeof given !== "string") return "must be a text";
      return given.length <= bound || [...given].length <= bound ? null : `${tooLong} characters`;
    },
    whole: (given) => {
      if (!countsItems) return "must be a text";
      return given.length <= bound ? null : `${tooLong} items`;
    },
  };
}

function allowedTest(values: readonly Json[]): Wrong<Json> {
  const allowed = new Set(values);
  const wrong = values.length === 0 ? "has no value that is allowed" : `must be one of ${listed(values)}`;
  return (given) => (allowed.has(given) ? null : wrong);
}

/** A deny matches what looks like the value denied; a list or object in its place cannot be compared and is refused. */
function deniedTest(values: readonly Json[]): Wrong<Json> {
  const paths = values.filter((value) => typeof value === "string").filter(isPathRule);
  // A path is compared name by name: `.env` is another file than `env`.
  const others = values.filter((value) => typeof value !== "string" || !paths.includes(value));
  const denied = new Set(others.map((value) => (typeof value === "string" ? skeletonOf(value) : value)));
  const wrong = `must not be any of ${listed(values)}`;
  return (given) => {
    if (typeof given === "object" && given !== null) return "must be a single value here";
    if (typeof given === "string" && paths.some((path) => meansPath(given, path) !== "false")) return wrong;
    // Compared as text too: a tool that reads "5" reads 5.
    const likeness = typeof given === "string" ? skeletonOf(given) : given;
    const asText = typeof given === "number" || typeof given === "boolean" ? String(given) : null;
    const asNumber = typeof given === "string" && given.trim() !== "" ? Number(given) : Number.NaN;
    const isDenied =
      denied.has(likeness) || (asText !== null && denied.has(skeletonOf(asText))) || denied.has(asNumber);
    return isDenied ? wrong : null;
  };
}

/** A path that climbs out again, and what only may begin so, has not the prefix it shows. */
function prefixTest(prefixes: readonly string[]): Wrong<Json> {
  const wrong = `must begin with ${prefixes.length > 1 ? "one of " : ""}${listed(prefixes)}`;
  const tests = prefixes.map(beginning);
  return (given) => (typeof given === "string" && tests.some((begins) => begins(given) === "true") ? null : wrong);
}
