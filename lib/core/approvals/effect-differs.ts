import { z } from "zod";

import type { ReportedEffect } from "@/lib/core/decisions/outcome";
import type { Effect } from "@/lib/core/decisions/schema";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { digestOf, type Sha256Hex } from "@/lib/core/shared/digest";
import type { Json } from "@/lib/core/shared/json";

import { rowChanges, rowsTouched } from "./row-diff";

/** One way in which what was done is not what was allowed. */
export const EffectDifference = z.discriminatedUnion("what", [
  z.object({ what: z.literal("rows"), allowed: z.int(), actual: z.int() }),
  /** Rows that were changed and are not among those that were shown. */
  z.object({ what: z.literal("ids"), beyond: z.int() }),
  z.object({ what: z.literal("content") }),
]);
export type EffectDifference = z.infer<typeof EffectDifference>;

/** What an outcome says was done, held against the dry run that was allowed. Ids themselves are not kept. */
export const OutcomeEffect = z.object({
  rows: z.int().nullable(),
  /** Whether there was a dry run to hold it against. */
  compared: z.boolean(),
  differs: z.array(EffectDifference),
});
export type OutcomeEffect = z.infer<typeof OutcomeEffect>;

/** Holds a reported effect against the dry run that was allowed; null where there was none. */
export function compareEffect(sha256Hex: Sha256Hex, allowed: Effect | null, actual: ReportedEffect): OutcomeEffect {
  const ids = actual.ids === undefined ? null : new Set(actual.ids.map((id) => canonicalJson(id)));
  // More ids than rows is believed: whatever says more was done counts.
  const rows = actual.rows === undefined ? (ids?.size ?? null) : Math.max(actual.rows, ids?.size ?? 0);
  const differs: EffectDifference[] = [];
  let compared = false;
  const touched = rowsTouched(allowed);
  if (touched !== null && rows !== null) {
    compared = true;
    if (rows !== touched) differs.push({ what: "rows", allowed: touched, actual: rows });
  }
  const shown = idsShown(allowed);
  if (shown !== null && ids !== null) {
    compared = true;
    const beyond = [...ids].filter((id) => !shown.has(id)).length;
    if (beyond > 0) differs.push({ what: "ids", beyond });
  }
  const content = contentOf(allowed);
  if (content !== undefined && actual.digest !== undefined) {
    compared = true;
    if (digestOf(sha256Hex, content) !== actual.digest) differs.push({ what: "content" });
  }
  return { rows, compared, differs };
}

/** The ids of all rows that a dry run changes; null where it does not list them all. */
function idsShown(effect: Effect | null): ReadonlySet<string> | null {
  if (effect?.kind !== "rows") return null;
  const changed = rowChanges(effect).filter(({ status }) => status !== "unchanged");
  if ((effect.total ?? 0) > changed.length) return null;
  const ids = changed.map(({ key }) => key);
  return ids.every((id) => id !== null) ? new Set(ids) : null;
}

/** What a dry run says will be there afterwards; undefined where it shows no content. */
function contentOf(effect: Effect | null): Json | undefined {
  if (effect?.kind === "text" || effect?.kind === "config") return effect.after;
  return effect?.kind === "json" ? (effect.after as Json) : undefined; // the strict reader has read it
}

/** A difference in a sentence or two. `by` are the people who approved; null where nobody was asked. */
export function differenceText(difference: EffectDifference, by: string | null): string {
  if (difference.what === "content") return "What was written is not what was shown before.";
  if (difference.what === "ids") {
    const { beyond } = difference;
    return `${counted(beyond, "changed row")} ${beyond === 1 ? "is" : "are"} not among those that were shown.`;
  }
  const { allowed, actual } = difference;
  const before =
    by === null ? `${counted(allowed, "row")} ${were(allowed)} allowed.` : `${by} approved ${counted(allowed, "row")}.`;
  return `${before} ${actual.toLocaleString("en-US")} ${were(actual)} changed.`;
}

const counted = (n: number, word: string) => `${n.toLocaleString("en-US")} ${word}${n === 1 ? "" : "s"}`;
const were = (n: number) => (n === 1 ? "was" : "were");
