import { randomUUID } from "node:crypto";

import { Anchors } from "@/lib/core/ledger/anchor";
import { workspaceDb } from "@/lib/data/db";
import { readDataFile, writeDataFile } from "@/lib/platform/data-file";
import { showAnchor } from "@/lib/services/ledger/show-anchor";
import { detectRestore } from "@/lib/services/workspaces/detect-restore";
import { listWorkspaces } from "@/lib/services/workspaces/list-workspaces";

/**
 * Holds each ledger against what the data directory remembers of it, and stops the workspaces whose database is a
 * restored copy. Afterwards the directory remembers what is there now.
 *
 * @returns how many were stopped
 */
export async function stopRestored(): Promise<number> {
  const seen = Anchors.parse(readDataFile("anchors") ?? {});
  const now: Anchors = {};
  let restored = 0;
  for (const workspaceId of await listWorkspaces()) {
    const ctx = {
      workspaceId,
      actor: { kind: "system", job: "workspace.restore" },
      requestId: randomUUID(),
      now: new Date(),
      db: workspaceDb(workspaceId),
    } as const;
    const anchor = seen[workspaceId];
    if (anchor && (await detectRestore(ctx, anchor)).restored) restored += 1;
    const after = await showAnchor(ctx);
    if (after) now[workspaceId] = after;
  }
  writeDataFile("anchors", now);
  return restored;
}
