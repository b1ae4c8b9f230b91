import { z } from "zod";

import { requiredNote } from "@/lib/core/shared/note";
import type { JsonObject } from "@/lib/core/shared/json";
import { FilterText, PageQuery } from "@/lib/core/shared/page";

/** Which entries to list, newest first. */
export const LedgerFilter = PageQuery.extend({ kind: FilterText });
export type LedgerFilter = z.infer<typeof LedgerFilter>;

/** What to write out. Without a kind it is the whole ledger of the workspace. */
export const ExportLedgerInput = z.object({
  format: z.enum(["jsonl", "csv"]).default("jsonl"),
  kind: z.string().trim().min(1).max(100).optional(),
});
export type ExportLedgerInput = z.infer<typeof ExportLedgerInput>;

const Body = z.custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value));

/** A size of the tree, as a query writes it. */
const Size = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, "must be a whole number from 1")
  .transform((text) => BigInt(text));

/** How many sequenced entries one page holds at most. */
export const MAX_LEAVES = 500;

/** Sequenced entries from an index on. */
export const LeavesQuery = z.strictObject({
  from: z
    .string()
    .regex(/^\d{1,18}$/, "must be a whole number from 0")
    .default("0")
    .transform((text) => BigInt(text)),
  limit: z.coerce.number().int().min(1).max(MAX_LEAVES).default(100),
});
export type LeavesQuery = z.infer<typeof LeavesQuery>;

/** Two sizes of the tree, the older first. */
export const ConsistencyQuery = z.strictObject({ from: Size, to: Size });
export type ConsistencyQuery = z.infer<typeof ConsistencyQuery>;

/** One entry. `index` and `leaf_hash` are null until the sequencer has taken it up, which is a second or so. */
export const LedgerItem = z.object({
  id: z.uuid(),
  kind: z.string(),
  at: z.date(),
  /** The person, agent or job that caused it, by name. */
  who: z.string().nullable(),
  index: z.bigint().nullable(),
  leaf_hash: z.string().nullable(),
  body: Body,
});
export type LedgerItem = z.infer<typeof LedgerItem>;

/** The tree as it stands: how many entries have an index, and the root over them. */
export const LedgerHead = z.object({ size: z.bigint(), root_hash: z.string(), updated_at: z.date() });
export type LedgerHead = z.infer<typeof LedgerHead>;

/** A signed head. `note` is what auditors keep: a C2SP checkpoint, whole. */
export const CheckpointItem = z.object({
  size: z.bigint(),
  root_hash: z.string(),
  note: z.string(),
  at: z.date(),
  /** Whether the database's clock stood before the last checkpoint's time. */
  clock_regressed: z.boolean(),
});
export type CheckpointItem = z.infer<typeof CheckpointItem>;

/** A signing key as everybody may see it. `state`: whether it can be used here and now. */
export const LedgerKeyItem = z.object({
  /** C2SP verifier key: what auditors pin. */
  verifier_key: z.string(),
  state: z.enum(["active", "unreadable", "retired"]),
  created_at: z.date(),
  retired_at: z.date().nullable(),
});
export type LedgerKeyItem = z.infer<typeof LedgerKeyItem>;

/** Putting a new signing key in force. `lost`: the old one cannot sign for it any more. */
export const RotateKeyInput = z.strictObject({
  lost: z.boolean().default(false),
  reason: requiredNote(500),
});
export type RotateKeyInput = z.infer<typeof RotateKeyInput>;

/** How far one place outside the database has been told. `attempts` counts failures since the last delivery. */
export const AnchorItem = z.object({
  destination: z.string(),
  size: z.bigint(),
  delivered_at: z.date().nullable(),
  attempts: z.int(),
  attempted_at: z.date().nullable(),
  last_error: z.string().nullable(),
});
export type AnchorItem = z.infer<typeof AnchorItem>;
