import { z } from "zod";

import { requiredNote } from "@/lib/core/shared/note";
import { FilterText } from "@/lib/core/shared/page";

import { BlastRadius, JsonSchema, Reversibility, ToolHints, ToolStatus } from "./schema";

/** A catalogue entry as people and programs read it. */
export const ToolItem = z.object({
  name: z.string(),
  description: z.string(),
  args_schema: JsonSchema,
  result_schema: JsonSchema.nullable(),
  reversibility: Reversibility,
  blast_radius: BlastRadius,
  scope_argument: z.string().nullable(),
  owner: z.string(),
  /** The system that its calls depend on; null when it names none. */
  dependency: z.string().nullable(),
  status: ToolStatus,
  /** What the tool's server says about it; believed only where it tightens. */
  hints: ToolHints.nullable(),
  hash: z.string(),
  demo: z.boolean(),
  updated_at: z.date(),
});
export type ToolItem = z.infer<typeof ToolItem>;

/** Which tools to list: `name` finds any that contain it. */
export const ToolFilter = z.object({
  name: FilterText,
  limit: z.coerce.number().int().min(1).max(200).catch(100),
  cursor: FilterText,
});
export type ToolFilter = z.infer<typeof ToolFilter>;

/** What became of one tool that was sent. `message` says what a person should look at, if anything. */
export type RegisteredTool = {
  readonly name: string;
  readonly hash: string;
  readonly status: ToolStatus;
  readonly created: boolean;
  readonly changed: boolean;
  /** Whether what was sent loosens and waits for a second person; the definition before goes on. */
  readonly needs_second_person: boolean;
  readonly message: string | null;
};

/** Holding a tool: every call of it is denied until a person accepts its definition. */
export const QuarantineToolInput = z.strictObject({
  name: z.string().min(1).max(128),
  reason: requiredNote(1_000),
});
export type QuarantineToolInput = z.infer<typeof QuarantineToolInput>;

/** Taking a quarantined tool into use: the hash is the definition the person looked at. */
export const AcceptToolInput = z.strictObject({ name: z.string().min(1).max(128), hash: z.string().length(64) });
export type AcceptToolInput = z.infer<typeof AcceptToolInput>;
