import "server-only";

import { appendEntries } from "@/lib/core/ledger/append-entries";
import { checkpointText } from "@/lib/core/ledger/checkpoint";
import { rootOfLeaves } from "@/lib/core/ledger/merkle";
import { noteOf } from "@/lib/core/ledger/note";
import { type Signing, signLedgerHead, type UnsignedHead } from "@/lib/data/ledger-checkpoints";
import type { StoredKey } from "@/lib/data/ledger-keys";
import { findSequencingLag, type Growth, sequenceEntries } from "@/lib/data/ledger-leaves";
import { sha256 } from "@/lib/platform/ed25519";

import { requireSystem, type ServiceContext } from "../context";
import { signerOf } from "./signer-cache";

const BATCH = 1_000;
/** One round gives other workspaces their turn; a backlog goes on in the next. */
const MAX_BATCHES = 20;

const GROWTH: Growth = {
  extend: (frontier, bodies) => appendEntries(sha256, frontier, bodies),
  join: (hashes) => rootOfLeaves(sha256, hashes),
};

const utf8 = new TextEncoder();

/** What a round did; `signing` is `unsigned` when there is a new head and no key that can be used. */
export type Sequenced = {
  readonly sequenced: number;
  readonly signing: Signing["state"];
  readonly clockRegressed: boolean;
  /** How long the oldest entry still waits, after the round. Receipts promise ten seconds. */
  readonly lagSeconds: number;
};

/**
 * Gives every committed ledger entry of the workspace its place in the tree, moves the head and signs it.
 *
 * Writes no entry of its own: an entry about sequencing would have to be sequenced. The head is signed once a round, so
 * a burst makes one checkpoint and not twenty. Without a usable key the tree grows all the same.
 */
export async function sequenceLedger(ctx: ServiceContext): Promise<Sequenced> {
  requireSystem(ctx);
  let sequenced = 0;
  for (let batch = 1; batch <= MAX_BATCHES; batch += 1) {
    const taken = await sequenceEntries(ctx.db, ctx.workspaceId, BATCH, GROWTH);
    sequenced += taken;
    if (taken < BATCH) break;
  }
  const { state, regressed } = await signLedgerHead(ctx.db, ctx.workspaceId, noteFor);
  const lagSeconds = await findSequencingLag(ctx.db, ctx.workspaceId);
  return { sequenced, signing: state, clockRegressed: regressed, lagSeconds };
}

function noteFor(stored: StoredKey, { size, root, at }: UnsignedHead): string | null {
  const signer = signerOf(stored);
  if (signer === null) return null;
  const text = checkpointText({ origin: signer.key.name, size, root, at: at.toISOString() });
  return noteOf(text, signer.key, signer.sign(utf8.encode(text)));
}
