import "server-only";

import { ensureDecisionPartitions } from "@/lib/data/maintenance";

const DAYS_AHEAD = 7;

/** Makes room for the decisions of the coming week. Belongs to no workspace; safe to repeat. */
export async function ensurePartitions(): Promise<{ readonly made: number }> {
  return { made: await ensureDecisionPartitions(DAYS_AHEAD) };
}
