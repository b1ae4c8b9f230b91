import type { ErrorObject } from "ajv/dist/2020.js";

import type { Json } from "@/lib/core/shared/json";
import { nearestName } from "@/lib/core/shared/nearest-name";

import { pointerToken } from "./json-schema";

/** One place where a value does not fit its schema; `path` is a JSON pointer into the value. */
export type SchemaFault = { readonly path: string; readonly message: string };

/** A reader can act on this many; the rest say the same. */
const MAX_FAULTS = 20;

/** Keywords that only say that something inside them failed, which is reported itself. */
const CONTAINERS: ReadonlySet<string> = new Set(["if", "allOf", "$ref"]);

/** Ajv's errors in words, one per place and cause, in the order of their places, at most twenty. */
export function sentencesOf(errors: readonly ErrorObject[], value: Json): readonly SchemaFault[] {
  const faults = new Map<string, SchemaFault>();
  for (const error of errors) {
    if (CONTAINERS.has(error.keyword)) continue;
    const fault = faultOf(error);
    faults.set(`${fault.path} ${fault.message}`, fault);
  }
  // Sorted, because the order of errors follows the order of keys, which means nothing.
  const sorted = [...faults].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, fault]) => fault);
  return sorted.length > 0
    ? sorted.slice(0, MAX_FAULTS)
    : [{ path: "", message: `The arguments do not fit the schema (${typeof value}).` }];
}

function faultOf(error: ErrorObject): SchemaFault {
  const here = error.instancePath;
  const name = nameAt(here);
  const missing = textOf(error.params["missingProperty"]);
  if (error.keyword === "required" && missing !== null) {
    return { path: `${here}/${pointerToken(missing)}`, message: `\`${missing}\` is required.` };
  }
  const extra = textOf(error.params["additionalProperty"] ?? error.params["unevaluatedProperty"]);
  if (extra !== null) return { path: `${here}/${pointerToken(extra)}`, message: unknownArgument(extra, error) };
  if (error.keyword === "enum") {
    return { path: here, message: `${name} must be one of ${listed(error.params["allowedValues"])}.` };
  }
  if (error.keyword === "const") {
    return { path: here, message: `${name} must be ${JSON.stringify(error.params["allowedValue"])}.` };
  }
  if (error.keyword === "type")
    return { path: here, message: `${name} must be of type ${String(error.params["type"])}.` };
  return { path: here, message: `${name} ${error.message ?? "does not fit the schema"}.` };
}

function unknownArgument(name: string, error: ErrorObject): string {
  const properties: unknown = error.parentSchema?.["properties"];
  const known = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  const nearest = nearestName(name, known);
  return `\`${name}\` is not an argument of this tool${nearest === null ? "." : `; did you mean \`${nearest}\`?`}`;
}

function nameAt(path: string): string {
  if (path === "") return "The value";
  const token = path.slice(path.lastIndexOf("/") + 1);
  const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
  return /^\d+$/.test(name) ? `Item ${path}` : `\`${name}\``;
}

function listed(values: unknown): string {
  if (!Array.isArray(values)) return "the listed values";
  const shown = values
    .slice(0, 10)
    .map((value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)));
  return values.length > shown.length
    ? `${shown.join(", ")} and ${values.length - shown.length} more`
    : shown.join(", ");
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
