import "server-only";

import { compilePrices, type PriceTable } from "@/lib/core/costs/table";
import { compileRedactor, type KeyedHash, type Redactor } from "@/lib/core/redaction/redact";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { findPricesVersion, listOverridesInForce } from "@/lib/data/prices";
import { findRedaction } from "@/lib/data/redaction";
import { singleFlight } from "@/lib/platform/single-flight";

/** How a workspace wants what comes in to be redacted and priced. */
export type Policy = {
  readonly redactor: (handle: string, hash: KeyedHash) => Redactor;
  readonly prices: PriceTable;
};

type Known = { readonly policy: Policy; readonly pricesVersion: number; readonly readAt: number };

/** Every process follows a change within this time. */
const FRESH_MS = 2_000;

const known = new Map<WorkspaceId, Known>();

/**
 * How a workspace redacts and prices what comes in, as it was at most two seconds ago. Where it says nothing, no content
 * is kept and prices are the bundled table's. When it cannot be read nothing is let in, because the defaults may be less
 * strict than what the workspace wants.
 */
export async function policyOf(workspaceId: WorkspaceId): Promise<Policy> {
  const before = known.get(workspaceId);
  if (before !== undefined && performance.now() - before.readAt < FRESH_MS) return before.policy;
  return refreshed(workspaceId);
}

const refreshed = singleFlight(async (workspaceId: WorkspaceId): Promise<Policy> => {
  const before = known.get(workspaceId);
  const readAt = performance.now();
  const db = workspaceDb(workspaceId);
  const [pricesVersion, { settings }] = await Promise.all([
    findPricesVersion(db, workspaceId),
    findRedaction(db, workspaceId),
  ]);
  const isSamePrices = before?.pricesVersion === pricesVersion;
  // A compiled table remembers what it was asked, so it is kept for as long as the prices stand. Overrides are read after
  // their number: those of a change between the two count at once, and are read once more the next time.
  const prices = isSamePrices ? before.policy.prices : compilePrices(await listOverridesInForce(db, workspaceId));
  const policy: Policy = {
    prices,
    redactor: (handle, hash) => compileRedactor(settings, handle, hash),
  };
  known.set(workspaceId, { policy, pricesVersion, readAt });
  return policy;
});
