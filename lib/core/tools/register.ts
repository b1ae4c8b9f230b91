import { asJson } from "@/lib/core/shared/as-json";
import { digestOf, type Sha256Hex } from "@/lib/core/shared/digest";
import type { Fault } from "@/lib/core/shared/errors";
import { ToolName } from "@/lib/core/shared/names";

import type { CatalogueTool, RegisterToolInput } from "./schema";
import { createValidators, type Validators } from "./validators";

export type PreparedTool =
  | { readonly ok: true; readonly tool: CatalogueTool }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Turns what people send into a catalogue entry, or says why it cannot be one.
 *
 * `hash` covers everything that defines the tool, and nothing else: a new owner is not a new definition.
 */
export function prepareTool(
  sha256Hex: Sha256Hex,
  input: RegisterToolInput,
  validators: Validators = createValidators(),
): PreparedTool {
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
  if (faults.length > 0) return { ok: false, faults };
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
  return {
    ok: true,
    tool: {
      name,
      description,
      argsSchema: args_schema,
      resultSchema: result_schema,
      reversibility,
      blastRadius: blast_radius,
      scopeArgument: scope_argument,
      status: "active",
      hints,
      hash: digestOf(sha256Hex, definition),
    },
  };
}
