import "server-only";

import { toolFaults } from "@/lib/core/tools/register";
import type { RegisterToolInput } from "@/lib/core/tools/schema";
import type { Fault } from "@/lib/core/shared/errors";
import { createValidators } from "@/lib/core/tools/validators";

const validators = createValidators();

/** Why these cannot be catalogue entries, by tool in order: compiling a schema is what takes time. */
export function schemaFaults(inputs: readonly RegisterToolInput[]): readonly (readonly Fault[])[] {
  return inputs.map((input) => toolFaults(input, validators));
}
