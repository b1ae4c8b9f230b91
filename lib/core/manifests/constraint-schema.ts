import { z } from "zod";

import { allowCommand } from "@/lib/core/commands/allowed-commands";
import { NAMED_KINDS } from "@/lib/core/commands/allowed-statements";

import { ExactNumber, Scalar } from "./condition-schema";
import { readingsOf } from "./constraint";
import { strict } from "./strict";

const CommandText = z.string().min(1).max(1_000);

/** A command of `allowed_commands` by its parts, where a line of text does not say enough. */
const CommandParts = strict({
  program: z.string().min(1).max(200),
  subcommand: z.string().min(1).max(200).optional(),
  flags: z.array(z.string().min(1).max(200)).max(200).optional(),
  words: z.union([z.literal("any"), z.int().min(0).max(1_000), z.array(CommandText).max(200)]).optional(),
  env: z
    .array(z.string().regex(/^[A-Za-z_]\w*$/, "the name of a variable"))
    .max(100)
    .optional(),
  writes: z.array(CommandText).max(100).optional(),
  stdin: z.enum(["text", "any"]).optional(),
});

/** A statement of `allowed_statements`; without tables it may be about any. */
export const StatementEntry = strict({
  kind: z.enum(NAMED_KINDS),
  tables: z.array(z.string().min(1).max(200)).max(500).optional(),
  functions: z.array(z.string().min(1).max(200)).max(500).optional(),
});
export type StatementEntry = z.infer<typeof StatementEntry>;

const ConstraintValue = z.union([
  z.array(z.union([Scalar, CommandParts, StatementEntry])).max(1_000),
  ExactNumber,
  z.string().min(1).max(1_000),
]);
/** What a constraint asks for. */
export type ConstraintValue = z.infer<typeof ConstraintValue>;

/** Limits on arguments by name; see `readingsOf`. */
export const Constraints = z.record(z.string().max(160), ConstraintValue).superRefine((constraints, context) => {
  for (const [name, value] of Object.entries(constraints)) {
    const message = constraintFault(name, value);
    if (message !== null) context.addIssue({ code: "custom", message, path: [name] });
  }
});

function constraintFault(name: string, value: ConstraintValue): string | null {
  if (name === "allowed_commands") return commandsFault(value);
  if (name === "allowed_statements") {
    const isRight = Array.isArray(value) && value.every((entry) => StatementEntry.safeParse(entry).success);
    return isRight ? null : `\`${name}\` must be a list of \`{kind, tables, functions}\``;
  }
  if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null))
    return `\`${name}\` must be a list of plain values`;
  const kind = readingsOf(name)[0]?.kind;
  switch (kind) {
    case undefined:
      return `constraint \`${name}\` must begin with allowed_, denied_, max_, min_, max_length_ or prefix_`;
    case "allowed":
    case "denied":
      return Array.isArray(value) ? null : `\`${name}\` must be a list`;
    case "prefix":
      if (typeof value === "string") return null;
      return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string" && item !== "")
        ? null
        : `\`${name}\` must be a text or a list of texts`;
    case "max":
    case "min":
    case "max_length":
      return typeof value === "number" ? null : `\`${name}\` must be a number`;
  }
}

/** Each command is parsed when it is published, so that what it means is settled then. */
function commandsFault(value: ConstraintValue): string | null {
  if (!Array.isArray(value)) return "`allowed_commands` must be a list";
  for (const entry of value) {
    const parts = typeof entry === "string" ? entry : CommandParts.safeParse(entry).data;
    if (parts === undefined)
      return "`allowed_commands` holds commands and objects `{program, subcommand, flags, words, env, writes, stdin}`";
    const command = allowCommand(parts);
    if (typeof command === "string") return `\`${typeof parts === "string" ? parts : parts.program}\` ${command}`;
  }
  return null;
}
