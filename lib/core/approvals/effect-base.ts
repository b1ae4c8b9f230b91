import { z } from "zod";

import type { JsonObject } from "@/lib/core/shared/json";

/** The data a dry run was made on, as its agent names it: a digest to hold the present data against. */
export type EffectBase = { readonly digest: string; readonly asOf: string | null; readonly rows: number | null };

const Base = z.object({
  digest: z.string().min(1).max(200),
  as_of: z.iso.datetime({ offset: true }).optional().catch(undefined),
  rows: z.int().min(0).optional().catch(undefined),
});

/** What a dry run says it was made on; null when it does not say. */
export function baseOf(effect: JsonObject | null): EffectBase | null {
  const parsed = Base.safeParse(effect?.["base"]);
  if (!parsed.success) return null;
  return { digest: parsed.data.digest, asOf: parsed.data.as_of ?? null, rows: parsed.data.rows ?? null };
}
