import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";

import { hintPool } from "./db";

// NOTIFY takes a database-wide lock at commit, so it is never part of a decision's transaction: one hint afterwards,
// never two at once for a workspace. A lost one costs a screen a quarter of a second.
const hinting = new Set<WorkspaceId>();
const DELAY_MS = 20;

/** Tells those who follow a workspace's events that there are more. */
export function hintOutbox(workspaceId: WorkspaceId): void {
  if (hinting.has(workspaceId)) return;
  hinting.add(workspaceId);
  setTimeout(() => {
    hinting.delete(workspaceId);
    hintPool.query("SELECT pg_notify('interlock_outbox', $1)", [workspaceId]).catch(() => undefined);
  }, DELAY_MS);
}
