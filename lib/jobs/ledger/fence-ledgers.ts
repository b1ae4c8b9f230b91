import type { Anchors } from "@/lib/core/ledger/anchor";
import { SECOND_MS } from "@/lib/core/shared/time";
import { writeDataFile } from "@/lib/platform/data-file";
import { showAnchor } from "@/lib/services/ledger/show-anchor";

import { defineJob } from "../define";

/** Keeps how far each ledger is in the data directory, so that a start can tell a restored copy of the database. */
export const fenceLedgersJob = defineJob({
  name: "ledger.fence",
  everyMs: 10 * SECOND_MS,
  attempts: 1,
  timeoutMs: 30 * SECOND_MS,
  async handle(ctx) {
    const anchors: Anchors = {};
    await ctx.forEachWorkspace(async (workspace) => {
      const anchor = await showAnchor(workspace);
      if (anchor) anchors[workspace.workspaceId] = anchor;
    });
    writeDataFile("anchors", anchors);
  },
});
