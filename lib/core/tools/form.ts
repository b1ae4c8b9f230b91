import { z } from "zod";

import type { Fault } from "@/lib/core/shared/errors";
import { isJsonObject } from "@/lib/core/shared/json";
import { readStrictJson } from "@/lib/core/shared/strict-json";

import { BlastRadius, DependencyName, type JsonSchema, type RegisterToolInput, Reversibility } from "./schema";

const SchemaText = z
  .string()
  .max(256 * 1024)
  .transform((text, context): JsonSchema | null => {
    if (text.trim() === "") return null;
    const read = readStrictJson(text);
    if (read.ok && isJsonObject(read.value)) return read.value;
    const message = read.ok ? "must be a JSON object" : sentenceOf(read.fault);
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

function sentenceOf(fault: Pick<Fault, "message" | "line" | "column">): string {
  const place =
    fault.line === undefined
      ? ""
      : `line ${fault.line}${fault.column === undefined ? "" : `, column ${fault.column}`}: `;
  return `${place}${fault.message}`;
}

/** A catalogue entry as a form sends it: schemas are text, what is left empty is absent. */
export const RegisterToolForm = z
  .strictObject({
    name: z.string().min(1, "give the tool its exact name").max(128),
    description: z.string().max(4_000),
    reversibility: Reversibility,
    blast_radius: BlastRadius,
    args_schema: SchemaText,
    result_schema: SchemaText,
    scope_argument: z.string().trim().max(128),
    owner: z.string().trim().max(200),
    dependency: z.union([z.literal("").transform(() => null), DependencyName]),
  })
  .transform(
    ({ args_schema, scope_argument, ...tool }): RegisterToolInput => ({
      ...tool,
      args_schema: args_schema ?? { type: "object" },
      scope_argument: scope_argument === "" ? null : scope_argument,
    }),
  );

/** What each class means, for people who must choose one. */
export const REVERSIBILITY_MEANINGS: Record<Reversibility, string> = {
  read: "Changes nothing.",
  reversible: "Can be undone completely: a label, a draft, a status.",
  partially_reversible: "Can be undone in part, or at a cost: a refund, a cancelled booking.",
  irreversible: "Cannot be undone: a sent message, a payment, a deletion. Never automatic, at any level.",
};

export const BLAST_MEANINGS: Record<BlastRadius, string> = {
  none: "Nobody is affected.",
  low: "One record or one person.",
  medium: "Many records, or one team.",
  high: "A whole system, many customers, or money beyond recall. Always waits for a person.",
};
