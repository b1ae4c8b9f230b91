import { z } from "zod";

import type { JsonObject } from "@/lib/core/shared/json";

// What the API answers, as a browser reads it back: only as much as verifying takes, and nothing of it is believed.

const Body = z.custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value));
/** Sizes are bigints, which travel as text; no log in a browser is larger than a number is exact. */
const Size = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** One sequenced entry with the hash the server says it has. */
export const LeafItem = z.object({ index: Size, id: z.string(), leaf_hash: z.string(), entry: Body });
export type LeafItem = z.infer<typeof LeafItem>;

/** A page of sequenced entries; `next` is the index after its last, null at the end. */
export const LeavesAnswer = z.object({ items: z.array(LeafItem), next: z.string().nullable() });

/** A page of checkpoints, latest first. */
export const CheckpointsAnswer = z.object({
  items: z.array(z.object({ note: z.string() })),
  next: z.string().nullable(),
});

/** Every key of the log, oldest first. */
export const KeysAnswer = z.object({ items: z.array(z.object({ verifier_key: z.string() })) });

/** The proof of one entry. */
export const AuditProof = z.object({ entry: Body, proof: z.array(z.string()), checkpoint: z.string() });
export type AuditProof = z.infer<typeof AuditProof>;
