import "server-only";

import { createHash } from "node:crypto";

import { appendEntries } from "@/lib/core/ledger/append-entries";
import { type SequenceScope, sequenceEntries } from "@/lib/data/ledger-leaves";

import { requireSystem, type ServiceContext } from "../context";

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());

const BATCH = 1_000;
/** One round gives other workspaces their turn; a backlog goes on in the next. */
const MAX_BATCHES = 20;

/**
 * Gives every committed ledger entry of the workspace its place in the tree and moves the head.
 *
 * Writes no entry of its own: an entry about sequencing would have to be sequenced.
 *
 * @param look `recent` finds what was committed about now, `all` also finds older ones that were missed
 */
export async function sequenceLedger(
  ctx: ServiceContext,
  { look = "recent" }: { readonly look?: SequenceScope["look"] } = {},
): Promise<{ readonly sequenced: number }> {
  requireSystem(ctx);
  let sequenced = 0;
  for (let batch = 1; batch <= MAX_BATCHES; batch += 1) {
    const taken = await sequenceEntries(ctx.db, ctx.workspaceId, { look, take: BATCH }, (frontier, bodies) =>
      appendEntries(sha256, frontier, bodies),
    );
    sequenced += taken;
    if (taken < BATCH) break;
  }
  return { sequenced };
}
