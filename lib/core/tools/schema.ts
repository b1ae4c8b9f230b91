import { z } from "zod";

import type { Json } from "@/lib/core/shared/json";

/** What undoing a call takes, loosest first. */
export const REVERSIBILITIES = ["read", "reversible", "partially_reversible", "irreversible"] as const;
export const Reversibility = z.enum(REVERSIBILITIES);
export type Reversibility = z.infer<typeof Reversibility>;

/** How far a call's harm can reach, least first. */
export const BLAST_RADII = ["none", "low", "medium", "high"] as const;
export const BlastRadius = z.enum(BLAST_RADII);
export type BlastRadius = z.infer<typeof BlastRadius>;

/** A JSON Schema (2020-12) as stored; whether it compiles is checked when the tool is registered. */
export const JsonSchema = z.custom<{ readonly [key: string]: Json }>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "must be a JSON Schema object",
);
export type JsonSchema = z.infer<typeof JsonSchema>;

/** `quarantined`: known, but refused until a person accepts its definition. */
export const ToolStatus = z.enum(["active", "quarantined"]);
export type ToolStatus = z.infer<typeof ToolStatus>;

/** What a tool's server says about it (MCP annotations). Kept as said; believed only where it tightens. */
export const ToolHints = z.strictObject({
  readOnlyHint: z.boolean().optional(),
  destructiveHint: z.boolean().optional(),
  idempotentHint: z.boolean().optional(),
  openWorldHint: z.boolean().optional(),
});
export type ToolHints = z.infer<typeof ToolHints>;

/**
 * The name that tools give to a system they share, such as `stripe.com`, `salesforce` or `warehouse`. Case is folded, so
 * that two spellings are one breaker.
 */
export const DependencyName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9](?:[a-z0-9 ._:-]{0,98}[a-z0-9])?$/,
    "1 to 100 of a-z 0-9 . _ : - and space, with a letter or digit at both ends",
  );
export type DependencyName = z.infer<typeof DependencyName>;

/** A catalogue entry as people send it. What is missing is taken as the strictest. */
export const RegisterToolInput = z.strictObject({
  name: z.string().min(1).max(128),
  description: z.string().max(4_000).default(""),
  args_schema: JsonSchema.default({ type: "object" }),
  result_schema: JsonSchema.nullable().default(null),
  reversibility: Reversibility.default("irreversible"),
  blast_radius: BlastRadius.default("high"),
  scope_argument: z.string().min(1).max(128).nullable().default(null),
  owner: z.string().max(200).default(""),
  hints: ToolHints.nullish(),
  /** The system that its calls depend on. Left out, it stays as it is; null names none. */
  dependency: DependencyName.nullish(),
});
export type RegisterToolInput = z.infer<typeof RegisterToolInput>;

/** A catalogue entry as the engine reads it. `hash` is the digest of everything that defines the tool. */
export type CatalogueTool = {
  readonly name: string;
  readonly description: string;
  readonly argsSchema: JsonSchema;
  readonly resultSchema: JsonSchema | null;
  readonly reversibility: Reversibility;
  readonly blastRadius: BlastRadius;
  readonly scopeArgument: string | null;
  readonly status: ToolStatus;
  readonly hints?: ToolHints | null;
  /** The system that its calls depend on, as an owner no part of the definition. */
  readonly dependency?: string | null;
  readonly hash: string;
};

/** The class of a tool nobody catalogued: the strictest. */
export const UNCATALOGUED_CLASS = Object.freeze({ reversibility: "irreversible", blastRadius: "high" } as const);

/** The catalogue entry of a definition whose digest is `hash`; whether it may be used is said elsewhere. */
export function catalogued(input: RegisterToolInput, hash: string): CatalogueTool {
  return {
    name: input.name,
    description: input.description,
    argsSchema: input.args_schema,
    resultSchema: input.result_schema,
    reversibility: input.reversibility,
    blastRadius: input.blast_radius,
    scopeArgument: input.scope_argument,
    status: "active",
    hints: input.hints ?? null,
    dependency: input.dependency ?? null,
    hash,
  };
}

/** A tool nobody catalogued: irreversible, high blast radius, no schema. */
export function uncatalogued(name: string): CatalogueTool {
  return {
    name,
    description: "",
    argsSchema: { type: "object" },
    resultSchema: null,
    ...UNCATALOGUED_CLASS,
    scopeArgument: null,
    status: "active",
    hash: "uncatalogued",
  };
}
