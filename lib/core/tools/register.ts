import { asJson } from "@/lib/core/shared/as-json";
import { digestOf, type Sha256Hex } from "@/lib/core/shared/digest";
import type { Fault } from "@/lib/core/shared/errors";
import { ToolName } from "@/lib/core/shared/names";

import { catalogued, type CatalogueTool, type RegisterToolInput } from "./schema";
import { createValidators, type Validators } from "./validators";

export type PreparedTool =
  | { readonly ok: true; readonly tool: CatalogueTool }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Why this cannot be a catalogue entry. Compiles its schemas, which takes long for large ones. */
export function toolFaults(input: RegisterToolInput, validators: Validators): readonly Fault[] {
  const faults: Fault[] = [];
  if (!ToolName.safeParse(input.name).success) {
    const message = "A tool's name is 1 to 128 of A-Z a-z 0-9 _ . - with no dot at either end.";
    faults.push({ code: "invalid_tool_name", path: "/name", message });
  }
  for (const key of ["args_schema", "result_schema"] as const) {
    const schema = input[key];
    const why = schema === null ? null : validators.of(schema).fault();
    if (why !== null) faults.push({ code: "invalid_tool_schema", path: `/${key}`, message: `\`${key}\`: ${why}` });
  }
  return faults;
}

/** Turns what people send into a catalogue entry, or says why it cannot be one. */
export function prepareTool(
  sha256Hex: Sha256Hex,
  input: RegisterToolInput,
  validators: Validators = createValidators(),
): PreparedTool {
  const faults = toolFaults(input, validators);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, tool: defineTool(sha256Hex, input) };
}

/**
 * The catalogue entry of what has no faults.
 *
 * `hash` covers everything that defines the tool, and nothing else: a new owner is not a new definition. Nor is another
 * dependency: what a call does stays the same, so open approvals stay good, and decisions name the dependency themselves.
 */
export function defineTool(sha256Hex: Sha256Hex, input: RegisterToolInput): CatalogueTool {
  const { name, description, args_schema, result_schema, reversibility, blast_radius, scope_argument } = input;
  const hints = input.hints ?? null;
  const definition = {
    name,
    description,
    args_schema,
    result_schema,
    reversibility,
    blast_radius,
    scope_argument,
    // Most tools have none, and their digest is older than hints are.
    ...(hints !== null && { hints: asJson(hints) }),
  };
  return catalogued(input, digestOf(sha256Hex, definition));
}
