import { z } from "zod";

import type { Json } from "@/lib/core/shared/json";

/** What happened after an allow. */
export const Outcome = z.enum(["success", "retry", "failed_validation", "human_review_required", "error", "unknown"]);
export type Outcome = z.infer<typeof Outcome>;

const Count = z.int().min(0).max(1_000_000_000);

/** Ids that an effect may name. */
const MOST_IDS = 10_000;

/**
 * What a call really did, held against its dry run: how many rows it changed and their ids, or the digest of what is there
 * now, SHA-256 in hex of the canonical JSON (RFC 8785) of what the dry run calls `after`.
 */
export const ReportedEffect = z
  .strictObject({
    rows: Count.optional(),
    ids: z
      .array(z.union([z.string().max(200), z.number()]))
      .max(MOST_IDS)
      .optional(),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "Give 64 lower-case hex digits.")
      .optional(),
  })
  .refine(
    ({ rows, ids, digest }) => rows !== undefined || ids !== undefined || digest !== undefined,
    "Give rows, ids or digest.",
  );
export type ReportedEffect = z.infer<typeof ReportedEffect>;

/** An agent's report on one call. Money and tokens are bounded; what it claims is held against the result schema. */
export const ReportOutcomeInput = z.strictObject({
  outcome: Outcome,
  result: z.custom<Json>(() => true).optional(),
  usage: z
    .strictObject({ input_tokens: Count.optional(), output_tokens: Count.optional(), total_tokens: Count.optional() })
    .optional(),
  cost_usd: z.number().min(0).max(1_000_000).optional(),
  latency_ms: z.int().min(0).max(86_400_000).optional(),
  effect: ReportedEffect.optional(),
});
export type ReportOutcomeInput = z.infer<typeof ReportOutcomeInput>;

/** The tokens a report names: its total, and never less than its parts together; null when it names none. */
export function tokensOf(usage: ReportOutcomeInput["usage"]): number | null {
  const { input_tokens: input, output_tokens: output, total_tokens: total } = usage ?? {};
  if (input === undefined && output === undefined && total === undefined) return null;
  return Math.max(total ?? 0, (input ?? 0) + (output ?? 0));
}

/** The outcome that counts: a result that does not fit its schema failed validation, whatever was claimed. */
export function outcomeOf(claimed: Outcome, misfit: boolean): Outcome {
  return misfit ? "failed_validation" : claimed;
}
