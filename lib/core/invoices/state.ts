import type { Explained } from "./explained";
import type { InvoiceMeasure } from "./schema";
import type { SeenSums } from "./telemetry";

/**
 * How much telemetry there is of what is invoiced, on the days it is invoiced for: `past` none at all; `unpriced` only calls
 * without a price; `free` only calls that cost nothing; `uncounted` only calls without tokens; `partly` less than invoiced;
 * `whole` all of it.
 */
export const EXPLAINED_STATES = ["past", "unpriced", "free", "uncounted", "partly", "whole"] as const;
export type ExplainedState = (typeof EXPLAINED_STATES)[number];

/** @param told what telemetry has seen where it is invoiced */
export function stateOf(measure: InvoiceMeasure, sums: Explained, told: readonly SeenSums[]): ExplainedState {
  if (sums.explained === sums.invoiced) return "whole";
  if (sums.explained > 0n) return "partly";
  if (told.every(({ events }) => events === 0n)) return "past";
  if (measure === "tokens") return "uncounted";
  return told.some(({ unpriced }) => unpriced > 0n) ? "unpriced" : "free";
}
