import "server-only";

import pg from "pg";
import { z } from "zod";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { env } from "@/lib/platform/env";

import type { Db } from "./db";

const EventRow = z.object({
  id: z.uuid(),
  xid: z.string(),
  topic: z.string(),
  payload: z.record(z.string(), z.unknown()),
});

/** One event of the outbox. `xid` and `id` together are its place in the order everyone sees. */
export type OutboxEvent = z.infer<typeof EventRow>;

/** A place in the outbox: everything up to it was seen. */
export type OutboxCursor = { readonly xid: string; readonly id: string };

/**
 * Events after a place, oldest first, of transactions whose every older neighbour has ended: so that a slow commit can
 * never slip in behind a cursor that has passed it.
 */
export async function listOutboxEvents(
  on: Db,
  workspaceId: WorkspaceId,
  after: OutboxCursor,
  limit: number,
): Promise<readonly OutboxEvent[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, xid::text, topic, payload FROM outbox
    WHERE workspace_id = ${workspaceId}::uuid AND (xid, id) > (${after.xid}::xid8, ${after.id}::uuid)
      AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY xid, id LIMIT ${limit}`;
  return rows.map((row) => EventRow.parse(row));
}

/** The place of now: what a screen that was just loaded has already seen. */
export async function findOutboxEnd(on: Db): Promise<OutboxCursor> {
  const rows = await on.$queryRaw<{ xid: string }[]>`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid`;
  return { xid: rows[0]?.xid ?? "0", id: "00000000-0000-0000-0000-000000000000" };
}

/**
 * Calls `onHint` with a workspace's id whenever somebody says its outbox has grown, until `stop` is called. Hints may
 * be lost: whoever listens also looks from time to time.
 */
export function listenForHints(onHint: (workspaceId: string) => void): { stop(): Promise<void> } {
  let client: pg.Client | null = null;
  let stopped = false;

  async function connect(): Promise<void> {
    if (stopped) return;
    client = new pg.Client({
      connectionString: env.DATABASE_URL,
      options: "-c role=interlock_app",
      application_name: "interlock-events",
      keepAlive: true,
    });
    client.on("notification", (message) => message.payload && onHint(message.payload));
    client.on("error", () => retry());
    try {
      await client.connect();
      await client.query("LISTEN interlock_outbox");
    } catch {
      retry();
    }
  }
  function retry(): void {
    client?.removeAllListeners().on("error", () => undefined);
    client?.end().catch(() => undefined);
    client = null;
    if (!stopped) setTimeout(() => void connect(), 1_000).unref();
  }

  void connect();
  return {
    async stop() {
      stopped = true;
      await client?.end().catch(() => undefined);
    },
  };
}
