import type { z } from "zod";

import type { Fault } from "@/lib/core/shared/errors";
import { nearestName } from "@/lib/core/shared/nearest-name";
import { pointerToken } from "@/lib/core/tools/json-schema";

/** A fault before its line is known: where it is, and whether the key or the value there is at fault. */
export type PlacedFault = { readonly fault: Fault; readonly keyAtFault: boolean };

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A JSON pointer (RFC 6901) from the steps of a path. */
export function pointerOf(path: Path): string {
  return path.map((step) => `/${pointerToken(String(step))}`).join("");
}

/** Zod's issues as faults in plain words, in the order they were found. */
export function faultsOf(issues: readonly Issue[], base: Path = []): PlacedFault[] {
  return issues.flatMap((issue) => faultsOfIssue(issue, [...base, ...issue.path]));
}

function faultsOfIssue(issue: Issue, path: Path): PlacedFault[] {
  switch (issue.code) {
    case "unrecognized_keys": {
      const sentences = issue.message.split("\n");
      return sentences.map((sentence, index) =>
        place("unknown_key", [...path, issue.keys[index] ?? ""], sentence, true),
      );
    }
    case "invalid_union":
      return faultsOfUnion(issue, path);
    case "invalid_key":
      return [place("invalid_key", path, issue.issues[0]?.message ?? issue.message, true)];
    case "invalid_type":
      return [faultOfType(issue, path)];
    case "invalid_value":
      return [place("invalid_value", path, valueSentence(issue, path))];
    case "too_small":
      return [place("out_of_range", path, `${nameOf(path)} must ${boundOf(issue.origin, "least", issue.minimum)}.`)];
    case "too_big":
      return [place("out_of_range", path, `${nameOf(path)} must ${boundOf(issue.origin, "most", issue.maximum)}.`)];
    case "invalid_format":
      return [place("invalid_format", path, `${nameOf(path)} must be ${formatOf(issue)}.`)];
    default:
      return [place("invalid_value", path, `${nameOf(path)}: ${issue.message}.`)];
  }
}

function place(code: string, path: Path, message: string, keyAtFault = false): PlacedFault {
  return { fault: { code, path: pointerOf(path), message }, keyAtFault };
}

/** The branch that comes nearest is the one that was meant: fewest faults, then one with a key nearly spelt right. */
function faultsOfUnion(issue: Extract<Issue, { code: "invalid_union" }>, path: Path): PlacedFault[] {
  const branches = issue.errors.filter((errors) => errors.length > 0);
  const inside = branches.filter((errors) => errors.some((error) => !isWrongShape(error)));
  if (inside.length === 0) {
    const shapes = branches.flatMap((errors) => errors.flatMap((error) => expectedOf(error)));
    return [place("wrong_type", path, `${nameOf(path)} must be ${[...new Set(shapes)].join(" or ")}.`)];
  }
  const nearest = inside.toSorted((a, b) => distanceOf(a) - distanceOf(b))[0] ?? [];
  return faultsOf(nearest, path);
}

function distanceOf(errors: readonly Issue[]): number {
  const nearlySpelt = errors.some(
    (error) => error.code === "unrecognized_keys" && error.message.includes("did you mean"),
  );
  return errors.length - (nearlySpelt ? 0.5 : 0);
}

const isWrongShape = (issue: Issue) =>
  issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");

function expectedOf(issue: Issue): readonly string[] {
  if (issue.code === "invalid_type") return [TYPE_WORDS[issue.expected] ?? issue.expected];
  return issue.code === "invalid_value" ? [issue.values.map(String).join(", ")] : [];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a group of keys",
  record: "a group of keys",
  null: "null",
};

function faultOfType(issue: Extract<Issue, { code: "invalid_type" }>, path: Path): PlacedFault {
  if (issue.input === undefined) return place("missing_key", path, `${nameOf(path)} is required.`);
  const expected = TYPE_WORDS[issue.expected] ?? issue.expected;
  return place("wrong_type", path, `${nameOf(path)} must be ${expected}, not ${wordOf(issue.input)}.`);
}

function wordOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return Number.isInteger(value) ? "a whole number" : String(value);
  return typeof value === "boolean" ? "true or false" : "a group of keys";
}

function valueSentence(issue: Extract<Issue, { code: "invalid_value" }>, path: Path): string {
  const values = issue.values.map(String);
  const nearest = typeof issue.input === "string" ? nearestName(issue.input, values) : null;
  const hint = nearest === null ? "" : ` Did you mean \`${nearest}\`?`;
  return `${nameOf(path)} must be ${values.length > 1 ? "one of " : ""}${values.join(", ")}.${hint}`;
}

function boundOf(origin: string, word: "least" | "most", bound: number | bigint): string {
  if (origin === "string") return `have at ${word} ${bound} characters`;
  if (origin === "array" || origin === "set") return `have at ${word} ${bound} items`;
  return `be at ${word} ${bound}`;
}

function formatOf(issue: Extract<Issue, { code: "invalid_format" }>): string {
  if (issue.format === "datetime") return "a time such as 2026-04-10T03:14:22Z";
  if (issue.format === "uuid") return "a UUID";
  return issue.message.replace(/^Invalid string: /, "");
}

function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "The manifest";
  if (typeof last !== "number") return `\`${String(last)}\``;
  const parent = path.findLast((step) => typeof step === "string");
  return `Item ${last + 1} of \`${String(parent ?? "the list")}\``;
}
