import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";

import type { Tx } from "./db";

/** Appends one entry in the caller's transaction. The database refuses to change or delete it afterwards. */
export async function insertLedgerEntry(
  tx: Tx,
  workspaceId: WorkspaceId,
  entry: { readonly id: string; readonly kind: string; readonly body: JsonObject; readonly at: Date },
): Promise<void> {
  await tx.ledgerEntry.create({
    data: { id: entry.id, workspaceId, kind: entry.kind, body: canonicalJson(entry.body), createdAt: entry.at },
    select: { id: true },
  });
}

/** Queues one event for screens and integrations: delivered after commit, never for what was rolled back. */
export async function insertOutboxEvent(
  tx: Tx,
  workspaceId: WorkspaceId,
  event: { readonly topic: string; readonly payload: JsonObject },
): Promise<void> {
  await tx.outboxEvent.create({
    data: { id: uuidv7(), workspaceId, topic: event.topic, payload: { ...event.payload } },
    select: { id: true },
  });
  // A hint for whoever follows; these transactions are rare, so its lock at commit costs decisions nothing.
  await tx.$executeRaw`SELECT pg_notify('interlock_outbox', ${workspaceId})`;
}
