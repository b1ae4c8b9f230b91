import type { Db } from "@/lib/data/db";

const MOST_MS = 10_000;

/**
 * Waits until everything committed before now can be read from the outbox. Other tests on the same server keep
 * transactions open, and events are read only when all older ones have ended.
 */
export async function outboxCaughtUp(on: Db): Promise<void> {
  const [now] = await on.$queryRaw<{ xid: bigint }[]>`SELECT pg_current_xact_id()::text::bigint AS xid`;
  const until = Date.now() + MOST_MS;
  for (;;) {
    const [end] = await on.$queryRaw<{ xid: bigint }[]>`
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xid`;
    if (!now || !end || end.xid > now.xid || Date.now() > until) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
